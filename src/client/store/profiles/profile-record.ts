/** What this browser keeps of a profile outside its sealed store: its locks, and nothing that says whose it is. Read as a stranger's. */
import { isRecord } from '#shared/json.ts';
import { parseAttempts } from '../seal/attempts.ts';
import type { Attempts } from '../seal/attempts.ts';
import { parseLock } from '../seal/lockbox.ts';
import type { Lock } from '../seal/lockbox.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Seconds without a hand on the machine until a profile locks itself; 0 for never. */
export const AUTO_LOCKS = [0, 30, 60, 300, 900, 1800] as const;
export type AutoLock = (typeof AUTO_LOCKS)[number];

export interface ProfileRecord {
  readonly v: 1;
  /** 32 hex digits by chance. */
  readonly id: string;
  /** The profile with the highest one was used last. No time: the disk tells none. */
  readonly turn: number;
  /** This browser's own, not extractable. */
  readonly deviceKey: CryptoKey;
  /** Whose it is, sealed with the device key: for the lock screen. */
  readonly label?: Bytes;
  /** Any of them opens it. The device's is missing while the profile is locked. */
  readonly locks: readonly Lock[];
  /** What a duress passphrase opens, or a decoy: which of the two, nobody can see. */
  readonly duress?: Lock;
  /** Sealed under the data key: shows that a key is the right one. */
  readonly proof?: Bytes;
  readonly attempts: Attempts;
  /** Each unlocking leaves a device lock behind. */
  readonly isStaying: boolean;
  readonly autoLock: AutoLock;
  readonly hasPanicKey: boolean;
  /** When a hand was last on the machine, sealed with the device key; kept where the device's lock shall end by itself. */
  readonly lastActive?: Bytes;
  /** How many events its log held, sealed with the device key: to notice when the browser has thrown it away. */
  readonly kept?: Bytes;
  /** The name under which the city wakes this profile, sealed with the device key: known while it is locked. */
  readonly wake?: Bytes;
}

const MOST_BYTES = 4096;
const MOST_LOCKS = 32;

/** True for a profile's id. */
export const isProfileId = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);

/** A record from the disk; locks that are none are left out. Undefined without an id or a device key. */
export const parseProfileRecord = (value: unknown): ProfileRecord | undefined => {
  if (!isRecord(value) || value['v'] !== 1) return undefined;
  const { id, deviceKey } = value;
  if (!isProfileId(id) || !isDeviceKey(deviceKey)) return undefined;
  const duress = parseLock(value['duress']);
  return {
    v: 1,
    id,
    turn: parseTurn(value['turn']),
    deviceKey,
    ...bytesAt(value, 'label'),
    locks: parseLocks(value['locks']),
    ...(duress ? { duress } : {}),
    ...bytesAt(value, 'proof'),
    attempts: parseAttempts(value['attempts']),
    isStaying: value['isStaying'] === true,
    autoLock: AUTO_LOCKS.find((seconds) => seconds === value['autoLock']) ?? 0,
    hasPanicKey: value['hasPanicKey'] === true,
    ...bytesAt(value, 'lastActive'),
    ...bytesAt(value, 'kept'),
    ...bytesAt(value, 'wake'),
  };
};

const parseLocks = (value: unknown): Lock[] =>
  (Array.isArray(value) ? (value as unknown[]).slice(0, MOST_LOCKS) : []).flatMap(
    (item) => parseLock(item) ?? [],
  );

const parseTurn = (value: unknown): number => (Number.isSafeInteger(value) ? Number(value) : 0);

const isDeviceKey = (value: unknown): value is CryptoKey =>
  value instanceof CryptoKey && value.type === 'secret' && value.algorithm.name === 'AES-GCM';

const bytesAt = <Name extends string>(
  record: Record<string, unknown>,
  name: Name,
): { readonly [K in Name]?: Bytes } => {
  const value = record[name];
  const fits = value instanceof Uint8Array && value.length <= MOST_BYTES;
  return fits ? ({ [name]: value } as { readonly [K in Name]?: Bytes }) : {};
};
