/**
 * Sealing what goes to the disk: AES-256-GCM under a subkey of the profile's data key (HKDF-SHA-256, one a table). Where a value
 * lies is authenticated with it, so that a value moved to another place does not open.
 */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** `version | iv | ciphertext and tag` */
const VERSION = 1;
const IV_BYTES = 12;
const HEAD_BYTES = 1 + IV_BYTES;
const TAG_BYTES = 16;
export const DATA_KEY_BYTES = 32;
/** Bytes that a sealed value is longer than what is in it. */
export const SEAL_BYTES = HEAD_BYTES + TAG_BYTES;

/** Where a value lies: a table and a key in it. */
export interface Place {
  readonly table: string;
  readonly key: string | number;
}

type Subtle = Pick<SubtleCrypto, 'importKey' | 'deriveKey' | 'deriveBits' | 'encrypt' | 'decrypt'>;

export interface SealerOptions {
  /** The profile's name: part of every place. */
  readonly profile: string;
  /** Replaced in tests by one that takes its time. */
  readonly subtle?: Subtle;
}

const encoder = new TextEncoder();

const IVS = 256;
const ivs = new Uint8Array(IVS * IV_BYTES);
let usedIvs = IVS;

/** Bytes by chance, drawn many at once; none is ever given twice. */
const drawIv = (): Uint8Array<ArrayBuffer> => {
  if (usedIvs === IVS) {
    crypto.getRandomValues(ivs);
    usedIvs = 0;
  }
  return ivs.slice(usedIvs * IV_BYTES, ++usedIvs * IV_BYTES);
};

/** A new data key. */
export const makeDataKey = (): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(DATA_KEY_BYTES));

/** Makes a profile's sealer out of its data key, which may be forgotten afterwards. */
export const openSealer = async (
  dataKey: Uint8Array<ArrayBuffer>,
  { profile, subtle = crypto.subtle }: SealerOptions,
): Promise<ProfileSealer> => {
  const root = await subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveKey', 'deriveBits']);
  return new ProfileSealer(root, profile, subtle);
};

/** A sealer out of one AES-GCM key of this browser, the same for every table. */
export const deviceSealer = (key: CryptoKey, { profile, subtle = crypto.subtle }: SealerOptions): Sealer =>
  new Sealer(() => Promise.resolve(key), profile, subtle);

export class Sealer {
  readonly #keyOf: (table: string) => Promise<CryptoKey>;
  readonly #profile: string;
  readonly #subtle: Subtle;

  constructor(keyOf: (table: string) => Promise<CryptoKey>, profile: string, subtle: Subtle) {
    this.#keyOf = keyOf;
    this.#profile = profile;
    this.#subtle = subtle;
  }

  async seal(place: Place, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.#keyOf(place.table);
    const iv = drawIv();
    const sealed = await this.#subtle.encrypt(this.#algorithm(iv, place), key, bytes);
    const whole = new Uint8Array(HEAD_BYTES + sealed.byteLength);
    whole[0] = VERSION;
    whole.set(iv, 1);
    whole.set(new Uint8Array(sealed), HEAD_BYTES);
    return whole;
  }

  /** `damaged`: not what was sealed at this place with this key. */
  async open(
    place: Place,
    sealed: Uint8Array<ArrayBuffer>,
  ): Promise<Result<Uint8Array<ArrayBuffer>, Failure<'damaged'>>> {
    if (sealed[0] !== VERSION || sealed.length < SEAL_BYTES) return damaged(place);
    const key = await this.#keyOf(place.table);
    const iv = sealed.subarray(1, HEAD_BYTES);
    try {
      const bytes = await this.#subtle.decrypt(this.#algorithm(iv, place), key, sealed.subarray(HEAD_BYTES));
      return ok(new Uint8Array(bytes));
    } catch (cause) {
      return damaged(place, cause);
    }
  }

  #algorithm(iv: Uint8Array<ArrayBuffer>, { table, key }: Place): AesGcmParams {
    return {
      name: 'AES-GCM',
      iv,
      additionalData: encoder.encode(JSON.stringify([this.#profile, table, key])),
    };
  }
}

/** A key for each table, derived with its first use. */
class ProfileSealer extends Sealer {
  readonly #root: CryptoKey;
  readonly #derive: Subtle;

  constructor(root: CryptoKey, profile: string, subtle: Subtle) {
    const keys = new Map<string, Promise<CryptoKey>>();
    const derived = (table: string): Promise<CryptoKey> => {
      let key = keys.get(table);
      if (!key) keys.set(table, (key = tableKey(root, table, subtle)));
      return key;
    };
    super(derived, profile, subtle);
    this.#root = root;
    this.#derive = subtle;
  }

  /** Words by chance that only this data key gives, for a purpose. */
  async words(purpose: string, count: number): Promise<Uint32Array> {
    const info = encoder.encode(`words ${purpose}`);
    const bits = await this.#derive.deriveBits(hkdf(info), this.#root, count * 32);
    return new Uint32Array(bits);
  }
}

const tableKey = (root: CryptoKey, table: string, subtle: Subtle): Promise<CryptoKey> =>
  subtle.deriveKey(hkdf(encoder.encode(`table ${table}`)), root, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);

const hkdf = (info: Uint8Array<ArrayBuffer>): HkdfParams => ({
  name: 'HKDF',
  hash: 'SHA-256',
  salt: new Uint8Array(0),
  info,
});

const damaged = ({ table, key }: Place, cause?: unknown) =>
  fail('damaged', `What lies in ${table} at ${key} cannot be opened.`, cause);
