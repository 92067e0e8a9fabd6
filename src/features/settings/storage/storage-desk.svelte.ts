/** What the storage section shows and does: measuring, backing up, taking a backup in, building rows anew. */
import type {
  BackupOffer,
  Into,
  Job,
  StoreHealth,
  StoreUsage,
  Upkeep,
} from '#client/engine/upkeep/upkeep.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Ended, Under, Work } from './endings.ts';
import { measureCaches } from './parts.ts';
import type { CacheUsage } from './parts.ts';
import { backupName } from './words.ts';

export interface StorageDeskPorts {
  readonly upkeep: Upkeep;
  /** Hands a file to the person. */
  readonly save: (name: string, file: Blob) => void;
  readonly measure?: () => Promise<CacheUsage>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export class StorageDesk {
  usage = $state.raw<StoreUsage>();
  caches = $state.raw<CacheUsage>();
  health = $state.raw<StoreHealth>();
  under = $state.raw<Under>();
  ended = $state.raw<Ended>();
  /** A file whose contents are known, and wait for a decision. */
  offer = $state.raw<BackupOffer>();
  readonly #ports: StorageDeskPorts;
  #end: AbortController | undefined;
  #file: { readonly blob: Blob; readonly passphrase: string } | undefined;

  constructor(ports: StorageDeskPorts) {
    this.#ports = ports;
  }

  /** Measures and looks anew; what cannot be measured is left out. */
  async refresh(): Promise<void> {
    const { upkeep, measure = () => measureCaches() } = this.#ports;
    const [health, usage, caches] = await Promise.allSettled([upkeep.health(), upkeep.usage(), measure()]);
    this.health = valueOf(health);
    this.usage = valueOf(usage);
    this.caches = valueOf(caches);
  }

  /** Makes a backup and hands it over; true when it was. */
  async backUp(passphrase: string): Promise<boolean> {
    const { upkeep, save, now = Date.now } = this.#ports;
    const file = await this.#work('export', (job) => upkeep.exportBackup(passphrase, job));
    if (!file?.ok) return false;
    save(backupName(now()), file.value);
    this.ended = { work: 'export', ok: true };
    await this.refresh();
    return true;
  }

  /** Looks through a file; what is in it waits as `offer`. */
  async look(blob: Blob, passphrase: string): Promise<boolean> {
    this.offer = undefined;
    const { upkeep } = this.#ports;
    const offer = await this.#work('check', (job) => upkeep.checkBackup(blob, passphrase, job));
    if (!offer?.ok) return false;
    this.#file = { blob, passphrase };
    this.offer = offer.value;
    return true;
  }

  /** Takes the file of the offer. */
  async take(into: Into): Promise<boolean> {
    const file = this.#file;
    if (!file) return false;
    const { upkeep } = this.#ports;
    const taken = await this.#work('import', (job) =>
      upkeep.importBackup(file.blob, file.passphrase, into, job),
    );
    if (!taken?.ok) return false;
    this.forgetOffer();
    this.ended = { work: 'import', ok: true, imported: taken.value };
    await upkeep.dismissEviction();
    await this.refresh();
    return true;
  }

  forgetOffer(): void {
    this.offer = undefined;
    this.#file = undefined;
  }

  async rebuild(): Promise<void> {
    const { upkeep } = this.#ports;
    const done = await this.#work('rebuild', async (job) => {
      const isDone = await upkeep.rebuild(job);
      return isDone ? { ok: true, value: true } : { ok: false, error: { code: 'cancelled', message: '' } };
    });
    if (done?.ok) this.ended = { work: 'rebuild', ok: true };
    await this.refresh();
  }

  /** Stops what is under way. */
  stop(): void {
    this.#end?.abort();
  }

  /** The person knows that things were thrown away. */
  async dismissEviction(): Promise<void> {
    await this.#ports.upkeep.dismissEviction();
    await this.refresh();
  }

  async #work<T>(
    work: Work,
    run: (job: Job) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure> | undefined> {
    if (this.under) return undefined;
    this.ended = undefined;
    this.under = { work, part: 0 };
    this.#end = new AbortController();
    const progress = (done: number, total: number): void => {
      if (this.under) this.under = { work, part: total > 0 ? done / total : 1 };
    };
    try {
      const result = await run({ progress, signal: this.#end.signal });
      if (!result.ok) this.ended = failed(work, result.error);
      return result;
    } catch (cause) {
      console.error('The work ended badly', cause);
      this.ended = { work, ok: false, reason: 'broken' };
      return undefined;
    } finally {
      this.under = undefined;
    }
  }
}

const failed = (work: Work, { code, cause }: Failure): Ended => ({
  work,
  ok: false,
  reason: code,
  ...(code === 'wait' && typeof cause === 'number' ? { wait: cause } : {}),
});

const valueOf = <T>(settled: PromiseSettledResult<T>): T | undefined =>
  settled.status === 'fulfilled' ? settled.value : undefined;

/** The browser's own download. */
export const downloadBlob: StorageDeskPorts['save'] = (name, file) => {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
