/** Looking after what this device keeps: how much it is, whether it is all there, backups, building rows anew. */
import type { Failure, Result } from '#shared/result.ts';
import type { BackupReport, CheckFailure } from '../../store/backup/backup-check.ts';
import type { MergeReport } from '../../store/backup/backup-merge.ts';
import type { OpeningFailure } from '../../store/backup/opened-backup.ts';
import type { LossReport } from '../../store/sealed/losses.ts';

/** Bytes by what they are for. */
export interface StoreUsage {
  /** Everything written and received, in order. */
  readonly log: number;
  /** Rows made of it, to show at once. */
  readonly rows: number;
  /** Words of the rows, to find them by. */
  readonly words: number;
  /** What waits to be sent, and small records. */
  readonly other: number;
  /** Files. */
  readonly blobs: number;
}

export interface StoreHealth {
  /** Events in the log. */
  readonly events: number;
  /** Damaged parts of the log. */
  readonly losses: readonly LossReport[];
  /** The browser threw the log away: how many events it held at least, when that was found (Unix seconds). */
  readonly eviction?: Eviction;
  readonly lastBackup?: BackupMark;
}

export interface Eviction {
  readonly events: number;
  readonly at: number;
}

/** The last backup that was made or taken in here. */
export interface BackupMark {
  /** Unix seconds. */
  readonly at: number;
  /** Events in the log by then. */
  readonly events: number;
}

/** Whose a backup is: this profile's or its person's, anybody's as this profile is nobody's yet, or another's. */
type Kinship = 'same' | 'empty' | 'other';

export interface BackupOffer {
  readonly report: BackupReport;
  readonly kinship: Kinship;
}

/** `wait`: too many wrong passphrases, `cause` is the milliseconds to wait. */
export type CheckingFailure = OpeningFailure | CheckFailure | Failure<'wait'>;
export type ExportFailure = Failure<'empty' | 'cancelled'>;
/** `other`: it is another profile's, and may only become a profile of its own; `full`: the disk is. */
export type ImportFailure = CheckingFailure | Failure<'other' | 'full'>;

export interface Imported extends MergeReport {
  readonly report: BackupReport;
  /** The new profile's id, where one was made. */
  readonly profile?: string;
}

/** Where a backup goes: into the open profile, or a new one with a key of its own and the backup's passphrase. */
export type Into = 'here' | 'new';

/** Work that takes a while. */
export interface Job {
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What a page may ask. */
export interface Upkeep {
  /** A file with everything but what can be built anew. */
  exportBackup(passphrase: string, job?: Job): Promise<Result<Blob, ExportFailure>>;
  /** Looks through a backup; takes nothing. */
  checkBackup(file: Blob, passphrase: string, job?: Job): Promise<Result<BackupOffer, CheckingFailure>>;
  /** Checks it, then takes it: a new profile comes to be whole or not at all, and is the next one to be opened. */
  importBackup(
    file: Blob,
    passphrase: string,
    into: Into,
    job?: Job,
  ): Promise<Result<Imported, ImportFailure>>;
  /** Builds all rows anew; false when it was stopped, and the rows are as they were. */
  rebuild(job?: Job): Promise<boolean>;
  usage(): Promise<StoreUsage>;
  health(): Promise<StoreHealth>;
  /** The person knows that the log is gone. */
  dismissEviction(): Promise<void>;
}

/** A question as it crosses to the worker. */
export type UpkeepTask =
  | { readonly do: 'export'; readonly passphrase: string }
  | { readonly do: 'check'; readonly file: Blob; readonly passphrase: string }
  | { readonly do: 'import'; readonly file: Blob; readonly passphrase: string; readonly into: Into }
  | { readonly do: 'rebuild' | 'usage' | 'health' | 'dismiss' | 'stop' };

/** How far a job is. */
export interface JobProgress {
  readonly type: 'progress';
  readonly job: string;
  readonly done: number;
  readonly total: number;
}
