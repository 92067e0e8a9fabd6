/** Trying to open a profile: every try is counted before its work, and every passphrase costs the same work, whatever it opens. */
import { fail } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { countAttempt, waitOf } from '../store/seal/attempts.ts';
import { ITERATIONS, makeLock, openLock } from '../store/seal/lockbox.ts';
import type { Lock, Opener } from '../store/seal/lockbox.ts';
import { makeDataKey } from '../store/seal/sealer.ts';
import type { ProfileRecord } from '../store/profiles/profile-record.ts';
import type { ProfileRegister } from '../store/profiles/profile-register.ts';
import type { Bytes, PasskeyAnswer } from './ports.ts';

/** A duress lock opens nothing; bound to a name of its own, it cannot be put in the place of a real one, nor the other way about. */
const duressOf = (profile: string): string => `${profile} duress`;

/** Looks like a lock of a passphrase. Nothing opens it. */
export const makeDecoy = (iterations = ITERATIONS): Lock => ({
  v: 1,
  kind: 'passphrase',
  id: '',
  salt: crypto.getRandomValues(new Uint8Array(16)),
  iterations,
  iv: crypto.getRandomValues(new Uint8Array(12)),
  wrapped: crypto.getRandomValues(new Uint8Array(48)),
});

/** The lock of a duress passphrase, around a key that is thrown away. */
export const makeDuress = (passphrase: string, profile: string, iterations = ITERATIONS): Promise<Lock> =>
  makeLock(makeDataKey(), { kind: 'passphrase', passphrase }, duressOf(profile), iterations);

/** True when the passphrase is the one that erases. */
export const isDuress = async ({ id, duress }: ProfileRecord, passphrase: string): Promise<boolean> =>
  duress !== undefined && (await openLock(duress, { kind: 'passphrase', passphrase }, duressOf(id))).ok;

/** Counts a try in the register, or says how long (milliseconds) none may be made; undefined when the profile is gone. */
export const countTry = (
  register: ProfileRegister,
  id: string,
  now: number,
): Promise<{ readonly wait: number; readonly record: ProfileRecord } | undefined> =>
  register.change(id, (record) => {
    const wait = waitOf(record.attempts, now);
    const changed = wait > 0 ? record : { ...record, attempts: countAttempt(record.attempts, now) };
    return [changed, { wait, record: changed }];
  });

/** The data key for a passphrase; `duress` when it is the one that erases. Both locks are always tried. */
export const openByPassphrase = async (
  record: ProfileRecord,
  passphrase: string,
  iterations?: number,
): Promise<Result<Bytes, Failure<'wrong' | 'duress'>>> => {
  const lock = record.locks.find(({ kind }) => kind === 'passphrase') ?? makeDecoy(iterations);
  const duress = { ...record, duress: record.duress ?? makeDecoy(iterations) };
  const [opened, erases] = await Promise.all([
    openLock(lock, { kind: 'passphrase', passphrase }, record.id),
    isDuress(duress, passphrase),
  ]);
  return erases ? fail('duress', 'The passphrase that erases.') : opened;
};

/** The data key for what a passkey answered; the answer's secret is overwritten. */
export const openByPasskey = async (
  record: ProfileRecord,
  answer: PasskeyAnswer,
): Promise<Result<Bytes, Failure<'wrong'>>> => {
  const lock = record.locks.find(({ kind, id }) => kind === 'passkey' && id === answer.id);
  const key = lock && (await openLock(lock, openerOf(answer), record.id));
  answer.secret.fill(0);
  return key ?? fail('wrong', 'This passkey is not one of this profile.');
};

/** A passkey's answer as what opens a lock. */
export const openerOf = ({ id, secret }: { id: string; secret: Bytes }): Opener => ({
  kind: 'passkey',
  id,
  secret,
});
