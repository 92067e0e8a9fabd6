/** The city's own key: it signs the state of places (NIP-11 `self`, NIP-29). */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPrivate, signSchnorr, xOnlyPointFromScalar } from 'tiny-secp256k1';
import { bytesToHex, isHex64, parseHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { eventId } from '#protocol/event.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { writeSecretOnce } from './secret-file.ts';

/** Signs as the city. */
export interface CityKey {
  readonly pubkey: string;
  /** The draft with time, id and signature; `created_at` must be given. */
  sign(draft: Draft & { readonly created_at: number }): NostrEvent;
  /** A secret number for a day (days since 1970), always the same. */
  saltOf(day: number): number;
  /** 32 secret bytes for one purpose, always the same (HKDF-SHA256); of the key itself they tell nothing. */
  secretFor(purpose: string): Uint8Array;
}

const SALTS_KEPT = 2000;

/** 48 bits for each day; kept, since every event of a day asks for the same ones. */
const makeSalts = (secret: Uint8Array): ((day: number) => number) => {
  const known = new Map<number, number>();
  return (day) => {
    const before = known.get(day);
    if (before !== undefined) return before;
    const salt = createHmac('sha256', secret).update(`salt of day ${day}`).digest().readUIntLE(0, 6);
    if (known.size >= SALTS_KEPT) known.clear();
    known.set(day, salt);
    return salt;
  };
};

/** A signer from 32 secret bytes; fails with `key` when they are no valid scalar. */
const makeCityKey = (secret: Uint8Array): Result<CityKey, Failure<'key'>> => {
  if (!isPrivate(secret)) return fail('key', 'the secret key is not valid');
  const pubkey = bytesToHex(xOnlyPointFromScalar(secret));
  return ok({
    pubkey,
    saltOf: makeSalts(secret),
    secretFor: (purpose) => new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32)),
    sign: ({ kind, tags, content, created_at }) => {
      const unsigned = { kind, tags, content, created_at, pubkey };
      const id = eventId(unsigned);
      const digest = parseHex(id);
      if (!digest.ok) throw new Error('an event id is always hex');
      return { ...unsigned, id, sig: bytesToHex(signSchnorr(digest.value, secret, randomBytes(32))) };
    },
  });
};

const FILE = 'city-secret-key';

/** The key given, or the one kept in the folder (made on first use, readable by its owner only). */
export const openCityKey = (dataDir: string, given?: string): Result<CityKey, Failure<'key'>> => {
  const path = join(dataDir, FILE);
  if (given === undefined && !existsSync(path)) writeSecretOnce(path, randomBytes(32).toString('hex'));
  const text = given ?? readFileSync(path, 'utf8').trim();
  if (!isHex64(text)) return fail('key', `${path} does not hold 64 lower-case hex digits.`);
  return makeCityKey(Buffer.from(text, 'hex'));
};
