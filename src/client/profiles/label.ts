/** Whose a profile is, for the lock screen and the switcher: sealed with the device key, padded, so that its length says little. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord, parseJson } from '#shared/json.ts';
import { deviceSealer } from '../store/seal/sealer.ts';
import type { Bytes } from './ports.ts';

export interface ProfileLabel {
  readonly name: string;
  readonly pubkey: string;
}

interface Owner {
  readonly id: string;
  readonly deviceKey: CryptoKey;
}

const PLACE = { table: 'profiles', key: 'label' };
const PADDED = 256;
const LONGEST_NAME = 48;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Pads JSON by blanks to a multiple of 256 bytes. */
export const padded = (value: unknown): Bytes => {
  const bytes = encoder.encode(JSON.stringify(value));
  const whole = new Uint8Array(Math.ceil(bytes.length / PADDED) * PADDED).fill(32);
  whole.set(bytes);
  return whole;
};

/** Seals a label for the register; long names are cut. */
export const sealLabel = ({ name, pubkey }: ProfileLabel, owner: Owner): Promise<Bytes> => {
  const label = { name: [...name].slice(0, LONGEST_NAME).join(''), pubkey };
  return deviceSealer(owner.deviceKey, { profile: owner.id }).seal(PLACE, padded(label));
};

/** The label; undefined when there is none or it was not sealed here for this profile. */
export const openLabel = async (
  sealed: Bytes | undefined,
  owner: Owner,
): Promise<ProfileLabel | undefined> => {
  if (!sealed) return undefined;
  const opened = await deviceSealer(owner.deviceKey, { profile: owner.id }).open(PLACE, sealed);
  const parsed = opened.ok ? parseJson(decoder.decode(opened.value)) : opened;
  if (!parsed.ok || !isRecord(parsed.value)) return undefined;
  const { name, pubkey } = parsed.value;
  return typeof name === 'string' && isHex64(pubkey) ? { name, pubkey } : undefined;
};
