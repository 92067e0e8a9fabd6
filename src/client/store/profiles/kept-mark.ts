/** How much a profile's log held, kept outside of it: a log that is empty all the same was thrown away. Sealed: the disk tells no numbers. */
import { deviceSealer } from '../seal/sealer.ts';
import type { ProfileKeys } from './profile-keys.ts';
import type { ProfileRecord } from './profile-record.ts';
import type { ProfileRegister } from './profile-register.ts';

const PLACE = { table: 'profiles', key: 'kept' };

type Owner = Pick<ProfileKeys, 'profile' | 'deviceKey'>;
type Bytes = Uint8Array<ArrayBuffer>;

const sealCount = ({ profile, deviceKey }: Owner, events: number): Promise<Bytes> => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, events);
  return deviceSealer(deviceKey, { profile }).seal(PLACE, bytes);
};

const openCount = async ({ profile, deviceKey }: Owner, sealed: Bytes): Promise<number> => {
  const opened = await deviceSealer(deviceKey, { profile }).open(PLACE, sealed);
  if (!opened.ok || opened.value.length !== 8) return 0;
  const events = new DataView(opened.value.buffer).getFloat64(0);
  return Number.isSafeInteger(events) && events > 0 ? events : 0;
};

/** How many events the log held when that was noted last; 0 where nobody knows. */
export const readKept = async (register: Pick<ProfileRegister, 'read'>, owner: Owner): Promise<number> => {
  const { profiles } = await register.read();
  const kept = profiles.find(({ id }: ProfileRecord) => id === owner.profile)?.kept;
  return kept ? openCount(owner, kept) : 0;
};

/** Notes it. Nothing happens where there is no such profile. */
export const noteKept = async (
  register: Pick<ProfileRegister, 'change'>,
  owner: Owner,
  events: number,
): Promise<void> => {
  const kept = await sealCount(owner, events);
  await register.change(owner.profile, (record) => [{ ...record, kept }, true]);
};
