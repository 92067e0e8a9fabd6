/** Writes a backup: the log's chunks and the person's own small records as they lie sealed, and what opens them. */
import { bytesToHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Disk } from '../sealed/disk.ts';
import { makeLock } from '../seal/lockbox.ts';
import type { ProfileKeys } from '../profiles/profile-keys.ts';
import {
  formatHeader,
  formatManifest,
  frameHead,
  KINDS,
  MARK,
  recordHead,
  uint32,
  VERSION,
} from './backup-format.ts';
import type { Bytes, RecordPlace } from './backup-format.ts';
import { makeMac } from './backup-mac.ts';

/** Where backups are made of. */
export type BackupSource = Pick<Disk, 'chunks' | 'lastChunk' | 'meta'>;

export interface WritingOptions {
  readonly keys: Pick<ProfileKeys, 'profile' | 'dataKey'>;
  readonly passphrase: string;
  /** Unix seconds. */
  readonly now: number;
  /** Names of the person's own records that mean something on this device only. */
  readonly leftOut?: readonly string[];
  /** Events written, of how many. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Rounds for the passphrase; lowered in tests only. */
  readonly iterations?: number | undefined;
}

const CHUNKS_A_READ = 40;
/** So much is gathered before the browser is given it to hold. */
const PART_BYTES = 1 << 20;
export const OWN = 'own ';

/**
 * The file. What is appended meanwhile is not in it. `empty`: no passphrase; `cancelled`: `signal` said so. Throws what the
 * disk throws.
 */
export const writeBackup = async (
  source: BackupSource,
  options: WritingOptions,
): Promise<Result<Blob, Failure<'empty' | 'cancelled'>>> => {
  const { keys, passphrase, now, iterations } = options;
  if (passphrase === '') return fail('empty', 'A backup needs a passphrase.');
  const events = await source.lastChunk();
  const opener = { kind: 'passphrase', passphrase } as const;
  const lock = await makeLock(keys.dataKey, opener, keys.profile, iterations);
  const header = formatHeader({ profile: keys.profile, madeAt: now, events, lock });
  const file = new BackupFile(header);
  for await (const { kind, key, sealed } of recordsOf(source, events, options.leftOut ?? [])) {
    if (options.signal?.aborted) return fail('cancelled', 'You stopped this.');
    await file.add(kind, key, sealed);
    if (kind === 'log') options.progress?.(Number(key), events);
  }
  return ok(await file.finish(keys.dataKey));
};

interface Lying {
  readonly kind: RecordPlace['kind'];
  readonly key: string;
  readonly sealed: Bytes;
}

/** The small ones first: they are the ones that a file cut short must not lack. */
async function* recordsOf(
  source: BackupSource,
  end: number,
  leftOut: readonly string[],
): AsyncGenerator<Lying> {
  for (const { name, sealed } of await source.meta(OWN))
    if (!leftOut.includes(name.slice(OWN.length))) yield { kind: 'own', key: name, sealed };
  for (let last = 0; last < end;) {
    const chunks = await source.chunks(last, CHUNKS_A_READ);
    if (chunks.length === 0) return;
    for (const { seq, sealed } of chunks) {
      // The last one may reach beyond the end: chunks are joined now and then.
      if (last >= end) return;
      last = seq;
      yield { kind: 'log', key: String(seq), sealed };
    }
  }
}

/** A file in the making. */
class BackupFile {
  readonly #header: string;
  readonly #records: RecordPlace[] = [];
  #whole: Blob[] = [];
  #part: Bytes[] = [];
  #partBytes = 0;
  #length = 0;

  constructor(header: string) {
    this.#header = header;
    const bytes = new TextEncoder().encode(header);
    this.#put(MARK);
    this.#put(Uint8Array.of(VERSION >> 8, VERSION & 255));
    this.#put(frameHead(KINDS.header, bytes.length));
    this.#put(bytes);
  }

  async add(kind: RecordPlace['kind'], key: string, sealed: Bytes): Promise<void> {
    this.#put(recordHead(kind, key, sealed.length));
    const at = this.#length;
    this.#put(sealed);
    const hash = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', sealed)));
    this.#records.push({ kind, key, at, length: sealed.length, hash });
  }

  async finish(dataKey: Bytes): Promise<Blob> {
    const manifest = formatManifest({ header: this.#header, records: this.#records });
    this.#put(manifest);
    this.#put(uint32(manifest.length));
    this.#put(await makeMac(dataKey, manifest));
    this.#hold();
    return new Blob(this.#whole, { type: 'application/octet-stream' });
  }

  #put(bytes: Bytes): void {
    this.#part.push(bytes);
    this.#partBytes += bytes.length;
    this.#length += bytes.length;
    if (this.#partBytes >= PART_BYTES) this.#hold();
  }

  /** A blob's bytes are the browser's to hold, on the disk if it likes. */
  #hold(): void {
    this.#whole.push(new Blob(this.#part));
    this.#part = [];
    this.#partBytes = 0;
  }
}
