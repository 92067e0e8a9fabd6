/** Upkeep in the worker that keeps the store. */
import type { NostrEvent } from '#protocol/event.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { checkBackup } from '../../store/backup/backup-check.ts';
import type { Findings } from '../../store/backup/backup-check.ts';
import { learn, mergeBackup, nothingKnown } from '../../store/backup/backup-merge.ts';
import type { MergeOptions } from '../../store/backup/backup-merge.ts';
import { kinshipOf } from '../../store/backup/kinship.ts';
import { writeBackup } from '../../store/backup/backup-writer.ts';
import { openBackup } from '../../store/backup/opened-backup.ts';
import type { OpenedBackup } from '../../store/backup/opened-backup.ts';
import { isFullDisk } from '../../store/disk/full-disk.ts';
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import { countAttempt, noAttempts, waitOf } from '../../store/seal/attempts.ts';
import type { Compressor } from '../../store/seal/packing.ts';
import type { SealedStore } from '../../store/sealed/sealed-store.ts';
import type {
  BackupMark,
  CheckingFailure,
  Eviction,
  ExportFailure,
  Imported,
  ImportFailure,
  Into,
  JobProgress,
  StoreHealth,
  StoreUsage,
  UpkeepTask,
} from './upkeep.ts';

/** Makes a profile with a key of its own; it is there once `fill` has succeeded, and not at all otherwise. */
type MakeProfile = <T, E>(
  passphrase: string,
  fill: (store: SealedStore, profile: string) => Promise<Result<T, E>>,
) => Promise<Result<T, E>>;

export interface UpkeepPorts {
  readonly keys: ProfileKeys;
  readonly store: SealedStore;
  readonly compressor: Compressor;
  readonly verify: (events: readonly NostrEvent[]) => Promise<readonly boolean[]>;
  readonly makeProfile: MakeProfile;
  readonly blobBytes: () => Promise<number>;
  readonly tell: (progress: JobProgress) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rounds for passphrases; lowered in tests only. */
  readonly iterations?: number;
}

/** Records that mean something on one device only: half-done work, places in its log, what it knows of itself. */
const HERE_ONLY = ['work', 'purging', 'backup', 'backup reminder', 'eviction'];
const BACKUP = 'backup';
export const EVICTION = 'eviction';
/** Milliseconds between reports. */
const REPORT_MS = 50;

interface Reins {
  readonly progress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

export class UpkeepDesk {
  readonly #ports: UpkeepPorts;
  readonly #jobs = new Map<string, AbortController>();
  /** Of wrong passphrases for backups: each costs its work, and the fifth a wait. */
  #attempts = noAttempts;

  constructor(ports: UpkeepPorts) {
    this.#ports = ports;
  }

  /** Does a task under a job's name; throws what the disk throws. */
  async answer(job: string, task: UpkeepTask): Promise<unknown> {
    if (task.do === 'stop') return this.#jobs.get(job)?.abort();
    const end = new AbortController();
    this.#jobs.set(job, end);
    try {
      return await this.#do(task, { progress: this.#report(job), signal: end.signal });
    } finally {
      this.#jobs.delete(job);
    }
  }

  /** Ends everything under way. */
  stop(): void {
    for (const end of this.#jobs.values()) end.abort();
  }

  #do(task: UpkeepTask, reins: Reins): Promise<unknown> {
    switch (task.do) {
      case 'export':
        return this.#export(task.passphrase, reins);
      case 'check':
        return this.#offer(task.file, task.passphrase, reins);
      case 'import':
        return this.#import(task.file, task.passphrase, task.into, reins);
      case 'rebuild':
        return this.#ports.store.rebuild(reins.progress, reins.signal);
      case 'usage':
        return this.#usage();
      case 'health':
        return this.#health();
      case 'dismiss':
        return this.#ports.store.writeMeta(EVICTION, undefined);
      case 'stop':
        return Promise.resolve();
    }
  }

  async #export(passphrase: string, reins: Reins): Promise<Result<Blob, ExportFailure>> {
    const { store, keys, iterations } = this.#ports;
    const now = this.#seconds;
    const file = await writeBackup(store.disk, {
      keys,
      passphrase,
      now,
      leftOut: HERE_ONLY,
      iterations,
      ...reins,
    });
    if (file.ok) await this.#mark(now);
    return file;
  }

  async #offer(file: Blob, passphrase: string, reins: Reins) {
    return this.#withBackup(file, passphrase, reins, async (backup, findings) => {
      const kinship = await kinshipOf(backup, findings, this.#ports);
      return ok({ report: findings.report, kinship });
    });
  }

  #import(
    file: Blob,
    passphrase: string,
    into: Into,
    reins: Reins,
  ): Promise<Result<Imported, ImportFailure>> {
    return this.#withBackup(file, passphrase, reins, async (backup, findings) => {
      try {
        return into === 'here'
          ? await this.#mergeHere(backup, findings, reins)
          : await this.#mergeAnew(backup, findings, { passphrase, ...reins });
      } catch (cause) {
        if (isFullDisk(cause)) return fail('full', 'This device has no space left.', cause);
        throw cause;
      }
    });
  }

  async #mergeHere(
    backup: OpenedBackup,
    findings: Findings,
    reins: Reins,
  ): Promise<Result<Imported, ImportFailure>> {
    const { store } = this.#ports;
    if ((await kinshipOf(backup, findings, this.#ports)) === 'other')
      return fail('other', 'This backup is of another profile.');
    const known = await learn(store.history());
    const merged = await mergeBackup(backup, findings, store, this.#merging(backup, { known, ...reins }));
    if (!merged.ok) return merged;
    await store.checkpoint();
    await this.#mark(findings.report.madeAt);
    return ok({ ...merged.value, report: findings.report });
  }

  #mergeAnew(
    backup: OpenedBackup,
    findings: Findings,
    { passphrase, ...reins }: Reins & { readonly passphrase: string },
  ): Promise<Result<Imported, ImportFailure>> {
    return this.#ports.makeProfile(passphrase, async (store, profile) => {
      const options = this.#merging(backup, { known: nothingKnown, ...reins });
      const merged = await mergeBackup(backup, findings, store, options);
      if (!merged.ok) return merged;
      await store.checkpoint();
      return ok({ ...merged.value, report: findings.report, profile });
    });
  }

  /** Only of this profile's own backup it is known that every event in it was checked before. */
  #merging(backup: OpenedBackup, options: Pick<MergeOptions, 'known' | 'progress' | 'signal'>): MergeOptions {
    const { keys, verify } = this.#ports;
    const isOwn = keys.dataKey.every((byte, at) => backup.dataKey[at] === byte);
    return { ...options, leftOut: HERE_ONLY, verify: isOwn ? undefined : verify };
  }

  /** Opens and checks a backup, and forgets its key afterwards. A file that goes away meanwhile is `unreadable`. */
  async #withBackup<T, E>(
    file: Blob,
    passphrase: string,
    reins: Reins,
    use: (backup: OpenedBackup, findings: Findings) => Promise<Result<T, E>>,
  ): Promise<Result<T, E | CheckingFailure>> {
    const wait = waitOf(this.#attempts, this.#ports.now());
    if (wait > 0) return fail('wait', 'Too many wrong tries. Wait a little.', wait);
    const backup = await openBackup(file, passphrase, this.#ports.compressor);
    if (!backup.ok) {
      if (backup.error.code === 'wrong') this.#attempts = countAttempt(this.#attempts, this.#ports.now());
      return backup;
    }
    this.#attempts = noAttempts;
    try {
      const findings = await checkBackup(backup.value, reins);
      return findings.ok ? await use(backup.value, findings.value) : findings;
    } catch (cause) {
      if (isLostFile(cause)) return fail('unreadable', 'The file could not be read.', cause);
      throw cause;
    } finally {
      backup.value.close();
    }
  }

  async #usage(): Promise<StoreUsage> {
    const { log, pages, outbox, meta } = await this.#ports.store.disk.usage();
    const { words = 0, 'word-book': book = 0, seen = 0, whereabouts = 0, directory = 0, ...small } = meta;
    const rest = Object.values(small).reduce((sum, bytes) => sum + bytes, 0);
    return {
      log,
      rows: pages + whereabouts + directory,
      words: words + book,
      other: outbox + seen + rest,
      blobs: await this.#ports.blobBytes(),
    };
  }

  async #health(): Promise<StoreHealth> {
    const { store } = this.#ports;
    const [events, losses] = [await store.disk.lastChunk(), await store.describeLosses()];
    const eviction = parseMark(await store.readMeta(EVICTION));
    const lastBackup = parseMark(await store.readMeta(BACKUP));
    return { events, losses, ...(eviction ? { eviction } : {}), ...(lastBackup ? { lastBackup } : {}) };
  }

  async #mark(at: number): Promise<void> {
    const { store } = this.#ports;
    const events = await store.disk.lastChunk();
    const mark: BackupMark = { at, events };
    await store.writeMeta(BACKUP, mark);
  }

  #report(job: string): Reins['progress'] {
    let last = 0;
    return (done, total) => {
      const now = this.#ports.now();
      if (now - last < REPORT_MS && done < total) return;
      last = now;
      this.#ports.tell({ type: 'progress', job, done, total });
    };
  }

  get #seconds(): number {
    return Math.floor(this.#ports.now() / 1000);
  }
}

const parseMark = (value: unknown): BackupMark | Eviction | undefined =>
  isRecord(value) && Number.isSafeInteger(value['at']) && Number.isSafeInteger(value['events'])
    ? { at: Number(value['at']), events: Number(value['events']) }
    : undefined;

/** A file that was moved, changed or taken away while it is read. */
const isLostFile = (cause: unknown): boolean =>
  cause instanceof DOMException && ['NotReadableError', 'NotFoundError'].includes(cause.name);
