/** Changes to the ways into an open profile: each is checked here, and written by the keeper in one go. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { makeLock, openLock } from '../store/seal/lockbox.ts';
import type { Lock } from '../store/seal/lockbox.ts';
import type { ProfileRecord } from '../store/profiles/profile-record.ts';
import type { Bytes, PasskeyFailure, PasskeyPort } from './ports.ts';
import { asksForSomething } from './profile-facts.ts';
import { sealProof } from './proof.ts';
import { isDuress, makeDecoy, makeDuress, openerOf } from './unlocking.ts';

/** A profile whose key is at hand. */
export interface OpenProfile {
  readonly record: ProfileRecord;
  readonly dataKey: Bytes;
  readonly iterations?: number | undefined;
}

/** What to write; applied to the record as it is by then. */
export type Edit = (record: ProfileRecord) => ProfileRecord;

/** `empty`: no words; `same`: the two passphrases must differ; `needed`: there would be no way in left, or none that asks. */
export type SettingFailure = Failure<'empty' | 'same' | 'needed'>;

type Edited<E extends Failure = SettingFailure> = Promise<Result<Edit, E>>;

const without = (locks: readonly Lock[], kind: Lock['kind']): Lock[] =>
  locks.filter((lock) => lock.kind !== kind);

/** Takes the device's own lock away: from now on it asks. */
export const withoutDevice: Edit = (record) => ({ ...record, locks: without(record.locks, 'device') });

/** Puts one lock in the place of all of its kind. */
const withOnly = (lock: Lock): Edit => {
  return (record) => ({ ...record, locks: [...without(record.locks, lock.kind), lock] });
};

/** The device's own lock, made anew. */
export const withDevice = async ({ record, dataKey }: OpenProfile): Promise<Edit> =>
  withOnly(await makeLock(dataKey, { kind: 'device', key: record.deviceKey }, record.id));

/** A first passphrase, or another one. */
export const withPassphrase = async (
  { record, dataKey, iterations }: OpenProfile,
  passphrase: string,
): Edited => {
  if (passphrase === '') return fail('empty', 'An empty passphrase protects nothing.');
  if (await isDuress(record, passphrase)) return fail('same', 'This passphrase erases the profile.');
  return ok(withOnly(await makeLock(dataKey, { kind: 'passphrase', passphrase }, record.id, iterations)));
};

/** Whether the device opens it by itself. */
export const withStaying = async (open: OpenProfile, isStaying: boolean): Edited => {
  if (!isStaying && !asksForSomething(open.record)) return fail('needed', 'Nothing else would open it.');
  const edit = isStaying ? await withDevice(open) : withoutDevice;
  return ok((record) => ({ ...edit(record), isStaying }));
};

/** The passphrase that erases, or a decoy in its place. */
export const withDuress = async (open: OpenProfile, passphrase: string | undefined): Edited => {
  const { record, dataKey, iterations } = open;
  if (passphrase === '') return fail('empty', 'An empty passphrase is typed too easily.');
  const lock = record.locks.find(({ kind }) => kind === 'passphrase');
  if (passphrase !== undefined) {
    if (!lock) return fail('needed', 'There is no passphrase yet.');
    const opened = await openLock(lock, { kind: 'passphrase', passphrase }, record.id);
    if (opened.ok) opened.value.fill(0);
    if (opened.ok) return fail('same', 'This passphrase opens the profile.');
  }
  const hasDuress = passphrase !== undefined;
  const duress = hasDuress ? await makeDuress(passphrase, record.id, iterations) : makeDecoy(iterations);
  const proof = await sealProof({ hasDuress }, dataKey, record.id);
  return ok((before) => ({ ...before, duress, proof }));
};

/** What each passkey is asked with; the same for all of a profile's. */
export const saltOf = async (profile: string): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`city profile ${profile}`)));

/** A passkey that was made and has opened its lock a moment later; else nothing. */
export const withNewPasskey = async (
  open: OpenProfile,
  passkeys: PasskeyPort,
  name: string,
): Edited<PasskeyFailure> => {
  const { record } = open;
  const known = record.locks.filter(({ kind }) => kind === 'passkey').map(({ id }) => id);
  const salt = await saltOf(record.id);
  if (!passkeys.isSupported()) return fail('unsupported', 'This browser has no passkeys.');
  const made = await passkeys.make({ name, known, salt });
  if (!made.ok) return made;
  const lock = await provenLock(open, passkeys, made.value, salt);
  if (!lock.ok) {
    passkeys.forget(made.value.id);
    return lock;
  }
  return ok((before) => ({ ...before, locks: [...before.locks, lock.value] }));
};

const provenLock = async (
  { record, dataKey }: OpenProfile,
  passkeys: PasskeyPort,
  made: { readonly id: string; readonly secret?: Bytes },
  salt: Bytes,
): Promise<Result<Lock, PasskeyFailure>> => {
  const { id } = made;
  // Many keys give their secret only when asked; then the first answer makes the lock and the second one opens it.
  const first = made.secret ? ok({ id, secret: made.secret }) : await passkeys.ask([id], salt);
  if (!first.ok) return first;
  const lock = await makeLock(dataKey, openerOf(first.value), record.id);
  const again = await passkeys.ask([id], salt);
  if (!again.ok) return again;
  const opened = await openLock(lock, openerOf(again.value), record.id);
  for (const { secret } of [first.value, again.value]) secret.fill(0);
  if (!opened.ok) return fail('failed', 'The passkey did not open the lock that it was made for.');
  opened.value.fill(0);
  return ok(lock);
};

/** One passkey fewer. */
export const withoutPasskey = ({ record }: OpenProfile, id: string): Result<Edit, SettingFailure> => {
  const edit: Edit = (before) => ({
    ...before,
    locks: before.locks.filter((lock) => lock.kind !== 'passkey' || lock.id !== id),
  });
  const isLast = !asksForSomething(edit(record)) && (!record.isStaying || record.autoLock > 0);
  return isLast ? fail('needed', 'It is the only way in.') : ok(edit);
};
