/** When a hand was last on the machine, as the register keeps it: sealed, because the disk tells no times. */
import type { ProfileRecord } from '../store/profiles/profile-record.ts';
import { deviceSealer } from '../store/seal/sealer.ts';
import { isTooLong } from './idle.ts';
import type { Bytes } from './ports.ts';

const PLACE = { table: 'profiles', key: 'last active' };

type Owner = Pick<ProfileRecord, 'id' | 'deviceKey'>;

/** Seals a time (milliseconds since 1970). */
export const sealMoment = ({ id, deviceKey }: Owner, now: number): Promise<Bytes> => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, now);
  return deviceSealer(deviceKey, { profile: id }).seal(PLACE, bytes);
};

/** True when the profile locks itself, and nobody has touched the machine for as long as that takes; also when nobody can tell. */
export const isStale = async (record: ProfileRecord, now: number): Promise<boolean> => {
  if (record.autoLock === 0) return false;
  const sealer = deviceSealer(record.deviceKey, { profile: record.id });
  const opened = record.lastActive && (await sealer.open(PLACE, record.lastActive));
  if (!opened?.ok || opened.value.length !== 8) return true;
  const last = new DataView(opened.value.buffer).getFloat64(0);
  return isTooLong(last, now, record.autoLock);
};
