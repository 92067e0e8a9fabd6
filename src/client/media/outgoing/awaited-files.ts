/** What lines wait for, as the outbox asks: it lies on the disk, so every tab and the service worker gets the same answer. */
import type { AwaitedUploads, UploadsState } from '../../outbox/ports.ts';
import type { OutgoingFiles } from './outgoing-files.ts';

interface AwaitedPorts {
  readonly files: Pick<OutgoingFiles, 'list' | 'change'>;
  /** Calls back when something may be different. Returns the way to stop. */
  readonly hear: (changed: () => void) => () => void;
}

const STOPPED = 'You stopped sending a file of this.';
const FAILED = 'A file of this could not be sent.';

export class AwaitedFiles implements AwaitedUploads {
  readonly #ports: AwaitedPorts;

  constructor(ports: AwaitedPorts) {
    this.#ports = ports;
  }

  /** What is not here any more is stored. */
  async stateOf(hashes: readonly string[]): Promise<UploadsState> {
    const awaited = (await this.#ports.files.list()).filter(({ manifest }) =>
      hashes.includes(manifest.hash ?? ''),
    );
    const states = awaited.map(({ progress }) => progress);
    const failed = states.find(({ state }) => state === 'failed');
    if (failed) return { state: 'failed', reason: failed.reason ?? FAILED };
    if (states.some(({ state }) => state === 'cancelled')) return { state: 'failed', reason: STOPPED };
    return { state: states.every(({ state }) => state === 'stored') ? 'stored' : 'waiting' };
  }

  async again(hashes: readonly string[]): Promise<void> {
    for (const { manifest } of await this.#ports.files.list())
      if (hashes.includes(manifest.hash ?? ''))
        await this.#ports.files.change(manifest.id, ({ reason: _, ...progress }) =>
          progress.state === 'failed' || progress.state === 'paused'
            ? { ...progress, state: 'waiting' }
            : undefined,
        );
  }

  watch(changed: () => void): () => void {
    return this.#ports.hear(changed);
  }
}
