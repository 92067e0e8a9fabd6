/** Who changes what is known of one file, or of one key's files, does so alone, in whichever process. */
import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';

const FILE = 0x42_4c_4f_42; // "BLOB"
const KEY = 0x4b_45_59_53; // "KEYS"

/** 32 bits of a hash or a key, as PostgreSQL's signed number. */
const numberOf = (hex: string): number => Number.parseInt(hex.slice(0, 8), 16) | 0;

const take = async (transaction: Database, space: number, hex: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${space}::int, ${numberOf(hex)}::int)`.execute(transaction);
};

/** Until the transaction ends. A key's lock is taken before a file's, never after. */
export const lockFile = (transaction: Database, hash: string): Promise<void> => take(transaction, FILE, hash);

/** Until the transaction ends. */
export const lockKey = (transaction: Database, pubkey: string): Promise<void> =>
  take(transaction, KEY, pubkey);
