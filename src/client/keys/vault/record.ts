/** What the device remembers of how its person signs: one record behind a port, read as a stranger's. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { parseBunkerAddress } from '../bunker-address.ts';
import { parseRecoveryFile } from '../recovery/recovery-file.ts';
import { parseAttempts } from '../../store/seal/attempts.ts';
import type { Attempts } from '../../store/seal/attempts.ts';
import type { DeviceSealed } from './device-lock.ts';

/** A key on this device, under the passphrase; `open` while staying signed in. */
export interface DeviceRecord {
  readonly v: 1;
  readonly kind: 'device';
  readonly pubkey: string;
  readonly ncryptsec: string;
  readonly attempts: Attempts;
  readonly open?: DeviceSealed;
}

interface ExtensionRecord {
  readonly v: 1;
  readonly kind: 'extension';
  readonly pubkey: string;
}

/** A remote signer; `own` is this device's half of the conversation. */
interface BunkerRecord {
  readonly v: 1;
  readonly kind: 'bunker';
  readonly pubkey: string;
  readonly address: string;
  readonly own: DeviceSealed;
}

export type VaultRecord = DeviceRecord | ExtensionRecord | BunkerRecord;

/** Reads a record; undefined for nothing and for anything malformed. */
export const parseVaultRecord = (value: unknown): VaultRecord | undefined => {
  if (!isRecord(value) || value['v'] !== 1) return undefined;
  const pubkey = value['pubkey'];
  if (!isHex64(pubkey)) return undefined;
  switch (value['kind']) {
    case 'device':
      return parseDevice(value, pubkey);
    case 'extension':
      return { v: 1, kind: 'extension', pubkey };
    case 'bunker':
      return parseBunker(value, pubkey);
    default:
      return undefined;
  }
};

const parseDevice = (value: Record<string, unknown>, pubkey: string): DeviceRecord | undefined => {
  const text = value['ncryptsec'];
  const code = typeof text === 'string' ? parseRecoveryFile(text) : undefined;
  if (!code?.ok) return undefined;
  const open = parseSealed(value['open']);
  const attempts = parseAttempts(value['attempts']);
  return {
    v: 1,
    kind: 'device',
    pubkey,
    ncryptsec: code.value.ncryptsec,
    attempts,
    ...(open ? { open } : {}),
  };
};

const parseBunker = (value: Record<string, unknown>, pubkey: string): BunkerRecord | undefined => {
  const address = value['address'];
  const own = parseSealed(value['own']);
  return typeof address === 'string' && parseBunkerAddress(address).ok && own
    ? { v: 1, kind: 'bunker', pubkey, address, own }
    : undefined;
};

const parseSealed = (value: unknown): DeviceSealed | undefined => {
  if (!isRecord(value)) return undefined;
  const { key, iv, bytes } = value;
  return key instanceof CryptoKey && isBytes(iv) && isBytes(bytes) ? { key, iv, bytes } : undefined;
};

const isBytes = (value: unknown): value is Uint8Array<ArrayBuffer> => value instanceof Uint8Array;
