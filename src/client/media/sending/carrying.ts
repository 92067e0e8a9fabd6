/** One file, tried until the city has it, it refuses, or the person stops it. */
import { Backoff } from '../../relays/backoff.ts';
import type { Network } from '../../relays/ports.ts';
import type { OutgoingFiles } from '../outgoing/outgoing-files.ts';
import type { Manifest } from '../outgoing/records.ts';
import type { Fetch } from './fetch-stack.ts';
import type { Outcome } from './outcome.ts';
import { sendFile } from './send-file.ts';
import type { Sending } from './send-file.ts';

/** Milliseconds between tries. */
const RETRY_LEAST = 1_000;
const RETRY_MOST = 60_000;
/** Milliseconds between notes on the disk of how far it has come. */
const NOTE_EVERY = 500;

export interface CarryPorts {
  readonly files: OutgoingFiles;
  readonly network: Network;
  readonly fetch: Fetch;
  readonly random: () => number;
  /** Bytes that the city has, as soon as they are known. */
  readonly onsent: (id: string, sent: number) => void;
}

/** What is carried, beside its manifest. */
export interface Load extends Pick<Sending, 'read' | 'ending' | 'signal'> {
  readonly manifest: Manifest;
}

export type Carried = Extract<Outcome, { readonly outcome: 'stored' | 'refused' | 'stopped' | 'unsigned' }>;

/** Carries it; cuts, a city that is away and a machine without a network are waited out. */
export const carry = async (ports: CarryPorts, load: Load): Promise<Carried> => {
  const backoff = new Backoff(RETRY_LEAST, RETRY_MOST, ports.random);
  for (;;) {
    await online(ports.network, load.signal);
    const before = (await ports.files.get(load.manifest.id))?.progress;
    if (!before || load.signal.aborted) return { outcome: 'stopped' };
    const outcome = await tryOnce(ports, load, before);
    if (outcome.outcome === 'gone') await forgetPlace(ports, load);
    else if (outcome.outcome !== 'later') return outcome;
    const after = (await ports.files.get(load.manifest.id))?.progress;
    if (after && after.sent > before.sent) backoff.reset();
    const asked = outcome.outcome === 'later' ? outcome.wait : undefined;
    await rest(asked ?? backoff.next(), ports.network, load.signal);
  }
};

const tryOnce = async (
  { files, fetch, onsent }: CarryPorts,
  { manifest, ...load }: Load,
  { url, sent }: { readonly url?: string; readonly sent: number },
): Promise<Outcome> => {
  const notes = new Notes(files, manifest.id, sent);
  const outcome = await sendFile({
    ...load,
    manifest,
    url,
    sent,
    fetch,
    onurl: (address) => notes.take({ url: address }, true),
    onsent: (bytes) => {
      notes.take({ sent: bytes }, bytes === manifest.size);
      onsent(manifest.id, bytes);
    },
  });
  await notes.end();
  return outcome;
};

/** The city lost what it had: from the beginning. */
const forgetPlace = ({ files }: CarryPorts, { manifest }: Load): Promise<unknown> =>
  files.change(manifest.id, ({ url: _, ...progress }) => ({ ...progress, sent: 0 }));

/** How far it has come, noted on the disk now and then; a note that cannot be written costs nothing but bytes sent twice. */
class Notes {
  readonly #files: OutgoingFiles;
  readonly #id: string;
  #note: { sent: number; url?: string };
  #writing: Promise<unknown> = Promise.resolve();
  #written = -Infinity;

  constructor(files: OutgoingFiles, id: string, sent: number) {
    this.#files = files;
    this.#id = id;
    this.#note = { sent };
  }

  take(note: { readonly sent?: number; readonly url?: string }, isUrgent: boolean): void {
    this.#note = { ...this.#note, ...note };
    if (!isUrgent && performance.now() - this.#written < NOTE_EVERY) return;
    this.#written = performance.now();
    this.#write();
  }

  async end(): Promise<void> {
    this.#write();
    await this.#writing;
  }

  #write(): void {
    const note = this.#note;
    this.#writing = this.#writing.then(() =>
      this.#files
        .change(this.#id, (progress) =>
          progress.sent === note.sent && (note.url === undefined || note.url === progress.url)
            ? undefined
            : { ...progress, ...note },
        )
        .catch(() => undefined),
    );
  }
}

/** Resolves when there is a network, or nobody waits any more. */
const online = (network: Network, signal: AbortSignal): Promise<void> =>
  network.isOnline() || signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => {
        const end = (): void => {
          if (!network.isOnline() && !signal.aborted) return;
          stop();
          signal.removeEventListener('abort', end);
          resolve();
        };
        const stop = network.watch(end);
        signal.addEventListener('abort', end);
      });

/** Waits so many milliseconds; a network that comes back ends it, and so does the signal. */
const rest = (milliseconds: number, network: Network, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    const stop = network.watch(() => (network.isOnline() ? end() : undefined));
    signal.addEventListener('abort', end);
  });
