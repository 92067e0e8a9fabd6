/** What the device remembers of how its person signs: one record in the sealed store, read as a stranger's. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { parseAttempts } from '../../store/seal/attempts.ts';
import type { Attempts } from '../../store/seal/attempts.ts';
import { parseBunkerAddress } from '../bunker-address.ts';
import { parseRecoveryFile } from '../recovery/recovery-file.ts';

/** A key on this device. It lies in the sealed store as everything does; `ncryptsec` is for the recovery file. */
interface DeviceRecord {
  readonly v: 2;
  readonly kind: 'device';
  readonly pubkey: string;
  readonly ncryptsec: string;
  readonly attempts: Attempts;
  /** 64 hex digits; absent where only the passphrase gives it (moved from an earlier store while it was locked). */
  readonly secret?: string;
}

interface ExtensionRecord {
  readonly v: 2;
  readonly kind: 'extension';
  readonly pubkey: string;
}

/** A remote signer; `own` (64 hex digits) is this device's half of the conversation. */
interface BunkerRecord {
  readonly v: 2;
  readonly kind: 'bunker';
  readonly pubkey: string;
  readonly address: string;
  readonly own: string;
}

export type VaultRecord = DeviceRecord | ExtensionRecord | BunkerRecord;

/** Reads a record; undefined for nothing and for anything malformed. */
export const parseVaultRecord = (value: unknown): VaultRecord | undefined => {
  if (!isRecord(value) || value['v'] !== 2) return undefined;
  const { pubkey, kind } = value;
  if (!isHex64(pubkey)) return undefined;
  if (kind === 'device') return parseDevice(value, pubkey);
  if (kind === 'extension') return { v: 2, kind, pubkey };
  return kind === 'bunker' ? parseBunker(value, pubkey) : undefined;
};

const parseDevice = (value: Record<string, unknown>, pubkey: string): DeviceRecord | undefined => {
  const { ncryptsec, secret, attempts } = value;
  const code = typeof ncryptsec === 'string' ? parseRecoveryFile(ncryptsec) : undefined;
  if (!code?.ok) return undefined;
  return {
    v: 2,
    kind: 'device',
    pubkey,
    ncryptsec: code.value.ncryptsec,
    attempts: parseAttempts(attempts),
    ...(isHex64(secret) ? { secret } : {}),
  };
};

const parseBunker = ({ address, own }: Record<string, unknown>, pubkey: string): BunkerRecord | undefined =>
  typeof address === 'string' && parseBunkerAddress(address).ok && isHex64(own)
    ? { v: 2, kind: 'bunker', pubkey, address, own }
    : undefined;
