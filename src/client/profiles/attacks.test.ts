/** Somebody else at this machine, who can also write to its disk. */
import { expect, test } from 'vitest';
import { ProfileBrowser } from '../../../tests/support/profile-browser.ts';
import { noAttempts } from '../store/seal/attempts.ts';
import type { Lock } from '../store/seal/lockbox.ts';
import type { ProfileRecord } from '../store/profiles/profile-record.ts';

const words = (passphrase: string) => ({ kind: 'passphrase', passphrase }) as const;
const RIGHT = words('blue heron');

/** A locked profile, and the way to write to its record. */
const locked = async ({ duress }: { duress?: string } = {}) => {
  const browser = new ProfileBrowser();
  const { keeper, keys } = await browser.openTab(RIGHT.passphrase);
  if (duress !== undefined) await keeper.setDuress(duress);
  const id = keys.profile;
  const data = keys.dataKey.slice();
  await keeper.lock();
  const record = (): ProfileRecord => browser.register.rows.get(id) as ProfileRecord;
  const damage = (change: object): void => void browser.register.rows.set(id, { ...record(), ...change });
  const lockOf = (): Lock => record().locks[0] as Lock;
  return { browser, keeper, id, data, record, damage, lockOf };
};

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte));

test('a lock with fewer rounds, other bytes or another salt opens nothing', async () => {
  const { keeper, damage, lockOf } = await locked();
  const whole = lockOf();
  for (const change of [
    { iterations: 1 },
    { salt: flipped(whole.salt) },
    { iv: flipped(whole.iv) },
    { wrapped: flipped(whole.wrapped) },
    { kind: 'device', iterations: 0 },
  ]) {
    damage({ locks: [{ ...whole, ...change }], attempts: noAttempts });
    expect(await keeper.unlock(RIGHT)).toMatchObject({ error: { code: 'wrong' } });
    expect(keeper.facts.isOpen).toBe(false);
  }
  damage({ locks: [whole], attempts: noAttempts });
  expect((await keeper.unlock(RIGHT)).ok).toBe(true);
});

test('a lock moved here from a profile whose passphrase is known opens nothing', async () => {
  const mine = await locked();
  await mine.keeper.add();
  const other = await mine.browser.openTab('known');
  await other.keeper.lock();
  const theirs = mine.browser.register.rows.get(other.keys.profile) as ProfileRecord;
  mine.damage({ locks: theirs.locks, deviceKey: theirs.deviceKey, proof: theirs.proof });
  expect(await mine.keeper.unlock(words('known'))).toMatchObject({ error: { code: 'wrong' } });
  expect(mine.keeper.facts.isOpen).toBe(false);
});

test('a device lock of another profile does not open this one', async () => {
  const mine = await locked();
  await mine.keeper.add();
  const other = await mine.browser.openTab('known');
  const theirs = mine.browser.register.rows.get(other.keys.profile) as ProfileRecord;
  mine.damage({ locks: theirs.locks, deviceKey: theirs.deviceKey, turn: 99 });
  const next = (await mine.browser.tab()).keeper;
  expect(next.profiles[0]).toMatchObject({ id: mine.id, isCurrent: true });
  expect(await next.openAtOnce()).toBeUndefined();
});

test('the duress lock put in the place of the real one opens nothing, and the other way about nothing is erased', async () => {
  const { browser, keeper, damage, record } = await locked({ duress: 'fire' });
  const { duress, locks } = record();
  damage({ locks: [duress], duress: locks[0] });
  expect(await keeper.unlock(words('fire'))).toMatchObject({ error: { code: 'wrong' } });
  expect(await keeper.unlock(RIGHT)).toMatchObject({ error: { code: 'wrong' } });
  expect(browser.done).toEqual([]);
});

test('a record without its proof or its decoy still opens for the person', async () => {
  const { browser, keeper, damage } = await locked();
  damage({ proof: undefined, duress: undefined, label: new Uint8Array(9) });
  const next = (await browser.tab()).keeper;
  expect(next.label).toBeUndefined();
  expect((await keeper.unlock(RIGHT)).ok).toBe(true);
  expect(await keeper.setDuress('fire')).toMatchObject({ ok: true });
  expect(keeper.facts.hasDuress).toBe(true);
});

test('a thousand tries take weeks, and none is made while waiting', async () => {
  const { browser, keeper, record } = await locked();
  let waited = 0;
  let made = 0;
  for (let i = 0; i < 1000; i++) {
    const tried = await keeper.unlock(words(`guess ${i}`));
    if (tried.ok) throw new Error('opened');
    if (tried.error.code === 'wrong') made += 1;
    else {
      expect(tried.error.code).toBe('wait');
      expect(tried.error.cause).toBe(keeper.wait);
      waited += keeper.wait;
      browser.hands.wall += keeper.wait;
    }
  }
  expect(made).toBeGreaterThan(400);
  expect(waited).toBeGreaterThan((made - 20) * 15 * 60_000);
  expect(record().attempts.wrong).toBe(made);
  browser.hands.wall += keeper.wait;
  expect((await keeper.unlock(RIGHT)).ok).toBe(true);
  expect(keeper.wait).toBe(0);
});

test('the right passphrase is refused too while waiting', async () => {
  const { keeper } = await locked();
  for (let i = 0; i < 5; i++) await keeper.unlock(words('x'));
  expect(await keeper.unlock(RIGHT)).toMatchObject({ error: { code: 'wait', cause: 5000 } });
});

test('tries in many tabs at once are all counted', async () => {
  const { browser, record } = await locked();
  const tabs = await Promise.all(Array.from({ length: 4 }, () => browser.tab()));
  const tries = await Promise.all(tabs.map(({ keeper }) => keeper.unlock(words('x'))));
  expect(tries.map((tried) => !tried.ok && tried.error.code)).toEqual(['wrong', 'wrong', 'wrong', 'wrong']);
  expect(record().attempts.wrong).toBe(4);
  const more = await Promise.all(tabs.map(({ keeper }) => keeper.unlock(words('x'))));
  expect(more.filter((tried) => !tried.ok && tried.error.code === 'wait')).toHaveLength(3);
});

test('a try is counted before its work: ending the page in the middle saves nobody', async () => {
  const { browser, record } = await locked();
  const { tab, keeper } = await browser.tab();
  const tried = keeper.unlock(words('x'));
  while (record().attempts.wrong === 0) await Promise.resolve();
  tab.kill();
  expect((await browser.tab()).keeper.facts.isOpen).toBe(false);
  expect(record().attempts.wrong).toBe(1);
  await tried;
});

test('a clock set back never makes a person wait longer than the longest wait', async () => {
  const { browser, keeper } = await locked();
  for (let i = 0; i < 30; i++) {
    await keeper.unlock(words('x'));
    browser.hands.wall += keeper.wait;
  }
  browser.hands.wall -= 365 * 24 * 3600_000;
  expect(keeper.wait).toBe(15 * 60_000);
});

test('each try costs two derivations of the same rounds, with a duress passphrase or without, with a lock or without', async () => {
  const derived: number[] = [];
  const subtle = crypto.subtle;
  const real = subtle.deriveKey.bind(subtle);
  const costOf = async (work: () => Promise<unknown>): Promise<number[]> => {
    derived.length = 0;
    await work();
    return [...derived];
  };
  const [plain, armed, bare] = [await locked(), await locked({ duress: 'fire' }), await locked()];
  bare.damage({ locks: [], duress: undefined });
  subtle.deriveKey = (async (...args: Parameters<typeof real>) => {
    const { iterations } = args[0] as Partial<Pbkdf2Params>;
    if (iterations !== undefined) derived.push(iterations);
    return real(...args);
  }) as typeof subtle.deriveKey;
  try {
    for (const { keeper } of [plain, armed, bare])
      expect(await costOf(() => keeper.unlock(words('x')))).toEqual([1000, 1000]);
    expect(await costOf(() => armed.keeper.unlock(RIGHT))).toEqual([1000, 1000]);
    await armed.keeper.lock();
    expect(await costOf(() => armed.keeper.unlock(words('fire')))).toEqual([1000, 1000]);
  } finally {
    subtle.deriveKey = real;
  }
});

test('from the disk nobody can tell a duress passphrase from a decoy', async () => {
  const [plain, armed] = [await locked(), await locked({ duress: 'fire' })];
  const shapeOf = (record: ProfileRecord) =>
    JSON.stringify(record, (_key, value: unknown) =>
      value instanceof Uint8Array ? value.length : value,
    ).replaceAll(record.id, 'id');
  expect(shapeOf(armed.record())).toBe(shapeOf(plain.record()));
});

test('a page of this origin that gives another key is not believed', async () => {
  const { browser, id } = await locked();
  const liar = browser.origin.tab().line(`profile ${id}`);
  liar.hear((message) => {
    const { from } = message as { from: string };
    liar.say({ from: 'liar', to: from, type: 'tell', topic: 'key', value: new Uint8Array(32).fill(7) });
  });
  expect(await (await browser.tab()).keeper.openAtOnce()).toBeUndefined();
});
