/** A few words under the data key: they show that a key from elsewhere is the right one, and keep what only the person may know. */
import { isRecord, parseJson } from '#shared/json.ts';
import { openSealer } from '../store/seal/sealer.ts';
import { padded } from './label.ts';
import type { Bytes } from './ports.ts';

export interface Proof {
  /** The duress lock is a real one, no decoy. */
  readonly hasDuress: boolean;
}

const PLACE = { table: 'profiles', key: 'proof' };

export const sealProof = async (proof: Proof, dataKey: Bytes, profile: string): Promise<Bytes> =>
  (await openSealer(dataKey, { profile })).seal(PLACE, padded(proof));

/** What the proof says; undefined when the key is not this profile's. */
export const openProof = async (
  sealed: Bytes | undefined,
  dataKey: Bytes,
  profile: string,
): Promise<Proof | undefined> => {
  if (!sealed) return undefined;
  const opened = await (await openSealer(dataKey, { profile })).open(PLACE, sealed);
  const parsed = opened.ok ? parseJson(new TextDecoder().decode(opened.value)) : opened;
  return parsed.ok && isRecord(parsed.value) ? { hasDuress: parsed.value['hasDuress'] === true } : undefined;
};
