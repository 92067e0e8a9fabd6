/** Under which name the city wakes a profile: a name by chance, kept so that it can be told apart while the profile is locked. */
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { deviceSealer } from '../seal/sealer.ts';
import type { ProfileRecord } from './profile-record.ts';
import type { ProfileRegister } from './profile-register.ts';

const PLACE = { table: 'profiles', key: 'wake' };
const TAG_BYTES = 16;

type Owner = Pick<ProfileRecord, 'id' | 'deviceKey'>;

/** A new name: 32 hex digits. */
export const makeWakeTag = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(TAG_BYTES)));

/** The profile's name; undefined where nothing wakes it. */
export const readWakeTag = async (
  record: Owner & Pick<ProfileRecord, 'wake'>,
): Promise<string | undefined> => {
  if (!record.wake) return undefined;
  const opened = await deviceSealer(record.deviceKey, { profile: record.id }).open(PLACE, record.wake);
  return opened.ok && opened.value.length === TAG_BYTES ? bytesToHex(opened.value) : undefined;
};

/** Keeps a name, or none. Nothing happens where there is no such profile. */
export const noteWakeTag = async (
  register: Pick<ProfileRegister, 'change'>,
  owner: Owner,
  tag: string | undefined,
): Promise<void> => {
  const bytes = tag === undefined ? undefined : parseHex(tag);
  const sealed = bytes?.ok
    ? await deviceSealer(owner.deviceKey, { profile: owner.id }).seal(PLACE, bytes.value)
    : undefined;
  await register.change(owner.id, ({ wake: _, ...record }) => [
    sealed ? { ...record, wake: sealed } : record,
    true,
  ]);
};
