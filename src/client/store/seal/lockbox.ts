/**
 * The profile's data key under lock: wrapped by whatever the person opens the app with. Any one of the locks opens it; the data key
 * itself never changes, so that changing a passphrase seals nothing anew.
 */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { isRecord } from '#shared/json.ts';
import { DATA_KEY_BYTES } from './sealer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What can open the box: a key that this browser holds and never hands out, a passphrase, or a passkey's PRF output. */
export type Opener =
  | { readonly kind: 'device'; readonly key: CryptoKey }
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'passkey'; readonly id: string; readonly secret: Bytes };

/** A wrapped data key, as it lies on the disk; nothing in it is secret. */
export interface Lock {
  readonly v: 1;
  readonly kind: Opener['kind'];
  /** Which passkey; '' for the others. */
  readonly id: string;
  /** For PBKDF2 or HKDF. */
  readonly salt: Bytes;
  /** PBKDF2's; 0 where none is used. */
  readonly iterations: number;
  readonly iv: Bytes;
  readonly wrapped: Bytes;
}

/** OWASP's figure for PBKDF2 with SHA-256. */
export const ITERATIONS = 600_000;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const encoder = new TextEncoder();

/** A key of this browser for the `device` lock: IndexedDB keeps it, scripts cannot read it. */
export const makeDeviceKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

/** Wraps the data key for one way of opening. `iterations` may be lowered in tests only. */
export const makeLock = async (
  dataKey: Bytes,
  opener: Opener,
  profile: string,
  iterations = ITERATIONS,
): Promise<Lock> => {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const rounds = opener.kind === 'passphrase' ? iterations : 0;
  const id = opener.kind === 'passkey' ? opener.id : '';
  const key = await wrappingKey(opener, salt, rounds);
  const bound = boundTo({ kind: opener.kind, id, iterations: rounds }, profile);
  const wrapped = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound }, key, dataKey);
  return {
    v: 1,
    kind: opener.kind,
    id,
    salt,
    iterations: rounds,
    iv,
    wrapped: new Uint8Array(wrapped),
  };
};

/** The data key; `wrong` when the opener is not the lock's own (or the lock is damaged: nobody can tell them apart). */
export const openLock = async (
  lock: Lock,
  opener: Opener,
  profile: string,
): Promise<Result<Bytes, Failure<'wrong'>>> => {
  if (lock.kind !== opener.kind) return fail('wrong', 'This lock opens in another way.');
  const key = await wrappingKey(opener, lock.salt, lock.iterations);
  try {
    const bytes = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: lock.iv, additionalData: boundTo(lock, profile) },
      key,
      lock.wrapped,
    );
    return ok(new Uint8Array(bytes));
  } catch (cause) {
    return fail('wrong', 'That does not open it.', cause);
  }
};

/** A lock from the disk; undefined where it is none, or asks for a mad amount of work. */
export const parseLock = (value: unknown): Lock | undefined => {
  if (!isRecord(value) || value['v'] !== 1) return undefined;
  const { kind, id, salt, iterations, iv, wrapped } = value;
  if (kind !== 'device' && kind !== 'passphrase' && kind !== 'passkey') return undefined;
  if (typeof id !== 'string' || !Number.isInteger(iterations)) return undefined;
  if (!isBytes(salt, SALT_BYTES) || !isBytes(iv, IV_BYTES)) return undefined;
  if (!isBytes(wrapped, DATA_KEY_BYTES + TAG_BYTES)) return undefined;
  const rounds = iterations as number;
  const isSane = kind === 'passphrase' ? rounds >= 1 && rounds <= 100 * ITERATIONS : rounds === 0;
  return isSane ? { v: 1, kind, id, salt, iterations: rounds, iv, wrapped } : undefined;
};

const isBytes = (value: unknown, length: number): value is Bytes =>
  value instanceof Uint8Array && value.length === length;

/** What a lock says of itself is authenticated: lowering its rounds or moving it to another profile breaks it. */
const boundTo = (
  { kind, id, iterations }: Pick<Lock, 'kind' | 'id' | 'iterations'>,
  profile: string,
): Bytes => encoder.encode(JSON.stringify(['data key', profile, kind, id, iterations]));

const wrappingKey = async (opener: Opener, salt: Bytes, iterations: number): Promise<CryptoKey> => {
  if (opener.kind === 'device') return opener.key;
  const aes = { name: 'AES-GCM', length: 256 };
  const uses: KeyUsage[] = ['encrypt', 'decrypt'];
  if (opener.kind === 'passkey') {
    const root = await crypto.subtle.importKey('raw', opener.secret, 'HKDF', false, ['deriveKey']);
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt, info: encoder.encode('data key') };
    return crypto.subtle.deriveKey(hkdf, root, aes, false, uses);
  }
  // As NIP-49 has it: the same words typed on another keyboard are the same passphrase.
  const words = encoder.encode(opener.passphrase.normalize('NFKC'));
  const root = await crypto.subtle.importKey('raw', words, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    root,
    aes,
    false,
    uses,
  );
};
