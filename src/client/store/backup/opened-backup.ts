/** A backup that its passphrase has opened: every record is checked with what sealed it, whatever the list of contents says. */
import { bytesToHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { Packer } from '../seal/packing.ts';
import type { Compressor } from '../seal/packing.ts';
import { openLock } from '../seal/lockbox.ts';
import { openSealer } from '../seal/sealer.ts';
import type { OpenChunk } from '../sealed/log-book.ts';
import { Vessel } from '../sealed/vessel.ts';
import { openBackupFile } from './backup-file.ts';
import type { BackupFile, FileFailure } from './backup-file.ts';
import { MOST, parseHeader, seqOf } from './backup-format.ts';
import type { BackupHeader, Bytes, RecordPlace } from './backup-format.ts';
import { checkMac } from './backup-mac.ts';
import { OWN } from './backup-writer.ts';

export type OpeningFailure = FileFailure | Failure<'wrong'>;

/** A small record of the person's own. */
export interface OwnRecord {
  readonly name: string;
  /** Undefined together with `isDamaged`. */
  readonly value: unknown;
  readonly isDamaged: boolean;
}

export class OpenedBackup {
  readonly header: BackupHeader;
  /** Zeros after `close`. */
  readonly dataKey: Bytes;
  /** False when the file was cut short or its list of contents is damaged: what is missing at the end, nobody knows. */
  readonly isSealed: boolean;
  readonly #file: BackupFile;
  readonly #chunks: readonly { readonly seq: number; readonly place: RecordPlace }[];
  readonly #own: readonly RecordPlace[];
  readonly #vessel: Vessel;

  constructor(
    file: BackupFile,
    { header, dataKey }: { readonly header: BackupHeader; readonly dataKey: Bytes },
    records: { readonly isSealed: boolean; readonly places: readonly RecordPlace[] },
    vessel: Vessel,
  ) {
    this.#file = file;
    this.header = header;
    this.dataKey = dataKey;
    this.isSealed = records.isSealed;
    this.#vessel = vessel;
    const chunks = records.places.flatMap((place) => {
      const seq = seqOf(place);
      return seq === undefined ? [] : [{ seq, place }];
    });
    this.#chunks = chunks.sort((a, b) => a.seq - b.seq);
    this.#own = records.places.filter(({ kind, key }) => kind === 'own' && key.startsWith(OWN));
  }

  /** The log's chunks in their order; the values of damaged ones are undefined. */
  async *chunks(): AsyncGenerator<OpenChunk> {
    let last = 0;
    for (const { seq, place } of this.#chunks) {
      if (seq <= last) continue;
      last = seq;
      const value = await this.#take(place, { table: 'log', key: seq });
      yield { seq, values: Array.isArray(value) ? (value as unknown[]) : undefined };
    }
  }

  own(): Promise<OwnRecord[]> {
    return Promise.all(
      this.#own.map(async (place) => {
        const value = await this.#take(place, { table: 'meta', key: place.key });
        return { name: place.key.slice(OWN.length), value, isDamaged: value === undefined };
      }),
    );
  }

  /** Forgets the key. */
  close(): void {
    this.dataKey.fill(0);
  }

  async #take(record: RecordPlace, place: { table: string; key: string | number }): Promise<unknown> {
    if (record.length > MOST.record) return undefined;
    const sealed = await this.#file.read(record);
    if (record.hash !== undefined && (await hashOf(sealed)) !== record.hash) return undefined;
    const taken = await this.#vessel.take(place, sealed);
    return taken.ok ? taken.value : undefined;
  }
}

const hashOf = async (bytes: Bytes): Promise<string> =>
  bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

/** Opens a backup. `wrong`: another passphrase (or its lock is damaged: nobody can tell them apart). */
export const openBackup = async (
  blob: Blob,
  passphrase: string,
  compressor: Compressor,
): Promise<Result<OpenedBackup, OpeningFailure>> => {
  const file = await openBackupFile(blob);
  if (!file.ok) return file;
  const opened = await openHeader(file.value, passphrase);
  if (!opened.ok) return opened;
  const { dataKey } = opened.value;
  const { ending } = file.value;
  const isSealed = ending !== undefined && (await checkMac(dataKey, ending.bytes, ending.mac));
  // What the manifest says of the header is known to be true.
  const header = (isSealed ? parseHeader(ending.manifest.header) : undefined) ?? opened.value.header;
  try {
    const places = isSealed ? ending.manifest.records : await file.value.walk();
    const sealer = await openSealer(dataKey, { profile: header.profile });
    const vessel = new Vessel(sealer, new Packer(compressor));
    return ok(new OpenedBackup(file.value, { header, dataKey }, { isSealed, places }, vessel));
  } catch (cause) {
    return fail('unreadable', 'The file could not be read.', cause);
  }
};

const openHeader = async (
  { headers }: BackupFile,
  passphrase: string,
): Promise<Result<{ readonly header: BackupHeader; readonly dataKey: Bytes }, Failure<'wrong'>>> => {
  for (const header of headers) {
    const key = await openLock(header.lock, { kind: 'passphrase', passphrase }, header.profile);
    if (key.ok) return ok({ header, dataKey: key.value });
  }
  return fail('wrong', 'This passphrase does not open the backup.');
};
