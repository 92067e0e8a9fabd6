/** A browser with profiles in memory; nothing of it reaches the disk. */
import { browserHands } from '#client/profiles/browser/browser-ports.ts';
import { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import { channelLine } from '#client/rpc/channel-line.ts';
import { FakePasskeys } from '../../../../tests/support/fake-passkeys.ts';
import { MemoryRegister } from '../../../../tests/support/memory-register.ts';

export const PASSPHRASE = 'blue heron';

const people = [
  { name: 'Ada Lovelace', pubkey: 'ad'.repeat(32) },
  { name: 'Hans-Christian Bürgermeister von der Vogelweide', pubkey: '3c'.repeat(32) },
];

export interface Scene {
  /** Somebody has an account here. */
  readonly isNamed: boolean;
  readonly locks: readonly ('passphrase' | 'passkey' | 'duress')[];
  readonly isLocked: boolean;
  readonly wrongTries: number;
}

/** A keeper in the state that the scene asks for. */
export const setScene = async ({ isNamed, locks, isLocked, wrongTries }: Scene): Promise<ProfileKeeper> => {
  const register = new MemoryRegister();
  const passkeys = new FakePasskeys();
  const open = (): Promise<ProfileKeeper> =>
    ProfileKeeper.open({
      register,
      line: (name) => channelLine(`${crypto.randomUUID()} ${name}`),
      locks: { hold: (_name, work) => work() },
      passkeys,
      hands: browserHands,
      destroy: () => Promise.resolve(),
      sweep: () => Promise.resolve(),
      sweepTab: () => undefined,
      iterations: 1000,
    });
  const first = await open();
  await first.openAtOnce();
  await first.setLabel(people[1]);
  await first.setPassphrase('another');
  await first.add();
  const keeper = await open();
  await keeper.openAtOnce();
  if (isNamed) await keeper.setLabel(people[0]);
  if (locks.includes('passphrase')) await keeper.setPassphrase(PASSPHRASE);
  if (locks.includes('passkey')) await keeper.addPasskey();
  if (locks.includes('duress')) await keeper.setDuress('fire fire fire');
  await keeper.setPanicKey(true);
  if (isLocked) await keeper.lock();
  for (let i = 0; i < wrongTries; i++) await keeper.unlock({ kind: 'passphrase', passphrase: 'x' });
  return keeper;
};
