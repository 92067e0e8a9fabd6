import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Filter } from '#protocol/filters.ts';
import { ItemSet } from '#protocol/negentropy/item-set.ts';
import type { Item } from '#protocol/negentropy/item-set.ts';
import { continueReconciliation, openReconciliation } from '#protocol/negentropy/reconcile.ts';
import type { RelayMessage } from '#protocol/relay/messages.ts';
import { parseHex } from '#shared/bytes.ts';
import { LIMITS } from './limits.ts';
import { Quota } from './pace/quota.ts';
import { Reconciliations } from './reconciliations.ts';
import { Turnstile } from '../store/turnstile.ts';

const item = (n: number): Item => ({ at: 1000 + n, id: n.toString(16).padStart(64, '0') });
const stored = Array.from({ length: 100 }, (_, n) => item(n));
const NOTHING = openReconciliation(new ItemSet([]));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const setUp = ({
  find = (_filter: Filter, most: number): Promise<readonly Item[] | undefined> =>
    Promise.resolve(stored.length > most ? undefined : stored),
  byOne = 1000,
  inAll = 1000,
  lookups = new Turnstile(1, 1),
} = {}) => {
  const said: RelayMessage[] = [];
  const context = { lookups, reconciled: new Quota(byOne), reconciledInAll: new Quota(inAll) };
  const peer = () =>
    new Reconciliations({ address: 'here', context, say: (message) => said.push(message), find });
  return { said, context, peer, one: peer() };
};
const errors = (said: readonly RelayMessage[]) =>
  said.flatMap(([type, id, words]) => (type === 'NEG-ERR' ? [`${id} ${String(words)}`] : []));

test('what the asker lacks is named, from memory after the first look', async () => {
  const find = vi.fn(() => Promise.resolve(stored));
  const { one, said } = setUp({ find });
  const mine = new ItemSet(stored.filter((_, n) => n % 10 !== 0));
  await one.open('a', {}, openReconciliation(mine));
  const need: string[] = [];
  for (let round = 0; round < 9; round++) {
    const answer = parseHex(String(said.at(-1)?.[2]));
    const step = answer.ok && continueReconciliation(mine, answer.value, 4096);
    if (!step || !step.ok) throw new Error('no answer');
    need.push(...step.value.need);
    if (!step.value.next) break;
    one.proceed('a', step.value.next);
  }
  expect(need.sort()).toEqual(stored.filter((_, n) => n % 10 === 0).map(({ id }) => id));
  expect(find).toHaveBeenCalledTimes(1);
});

test('so many at once on a connection; another of the same name replaces it', async () => {
  const { one, said } = setUp();
  for (let n = 0; n <= LIMITS.reconciliations; n++) await one.open(`s${n}`, {}, NOTHING);
  expect(errors(said)).toEqual([
    `s${LIMITS.reconciliations} rate-limited: at most 8 reconciliations at once`,
  ]);
  await one.open('s0', {}, NOTHING);
  expect(errors(said)).toHaveLength(1);
  one.close('s1');
  await one.open('s8', {}, NOTHING);
  expect(errors(said)).toHaveLength(1);
});

test('more events than a question may cover are not even counted out', async () => {
  const { one, said } = setUp({ find: () => Promise.resolve(undefined) });
  await one.open('big', {}, NOTHING);
  expect(errors(said)).toEqual([
    'big blocked: this question covers more than 500000 events; ask for less at once',
  ]);
  one.proceed('big', NOTHING);
  expect(errors(said)[1]).toBe('big closed: no such reconciliation is open');
});

test('records are taken from an address and from the city, and given back however it ends', async () => {
  for (const limits of [{ byOne: 250 }, { inAll: 250 }]) {
    const { one, said, peer } = setUp(limits);
    await one.open('a', {}, NOTHING);
    const other = peer();
    await other.open('b', {}, NOTHING);
    await other.open('c', {}, NOTHING);
    expect(errors(said)).toEqual(['c rate-limited: too much is being reconciled; try again in a while']);
    one.close('a');
    await other.open('c', {}, NOTHING);
    expect(errors(said)).toHaveLength(1);
    other.closeAll();
    await vi.advanceTimersByTimeAsync(LIMITS.reconciliationIdle * 2000);
    await one.open('d', {}, NOTHING);
    await one.open('e', {}, NOTHING);
    expect(errors(said)).toHaveLength(1);
  }
});

test('one that idles ends; one that goes on does not', async () => {
  const { one, said, context } = setUp();
  await one.open('a', {}, NOTHING);
  await vi.advanceTimersByTimeAsync(LIMITS.reconciliationIdle * 1000 - 1);
  one.proceed('a', NOTHING);
  await vi.advanceTimersByTimeAsync(LIMITS.reconciliationIdle * 1000 - 1);
  expect(errors(said)).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(errors(said)).toEqual(['a closed: nothing was asked for a while']);
  expect(context.reconciled.take('here', 1000)).toBe(true);
});

test('nonsense ends it', async () => {
  const { one, said } = setUp();
  await one.open('a', {}, Uint8Array.of(0x61, 0xff));
  await one.open('b', {}, NOTHING);
  one.proceed('b', Uint8Array.of(1, 2, 3));
  one.proceed('b', NOTHING);
  expect(errors(said).map((words) => words.split(':')[0])).toEqual(['a invalid', 'b invalid', 'b closed']);
});

test('who looks into the store takes turns; a store that fails leaves nothing open', async () => {
  let broken = false;
  const finish: (() => void)[] = [];
  const find = async () => {
    await new Promise<void>((done) => finish.push(done));
    if (broken) throw new Error('no disk');
    return stored;
  };
  const { one, said } = setUp({ find });
  const [a, b, c] = [one.open('a', {}, NOTHING), one.open('b', {}, NOTHING), one.open('c', {}, NOTHING)];
  await c;
  expect(errors(said)).toEqual(['c rate-limited: many are reconciling just now; try again in a while']);
  one.close('a');
  finish[0]?.();
  await a;
  broken = true;
  await vi.advanceTimersByTimeAsync(0);
  finish[1]?.();
  await expect(b).rejects.toThrow('no disk');
  one.proceed('b', NOTHING);
  expect(said.filter(([type]) => type === 'NEG-MSG')).toEqual([]);
  expect(errors(said).at(-1)).toBe('b closed: no such reconciliation is open');
});

test('who may not ask any more is told so, even while the store is asked', async () => {
  let finish: () => void = () => undefined;
  const { one, said } = setUp({
    find: async () => {
      await new Promise<void>((done) => (finish = done));
      return stored;
    },
  });
  const opening = one.open('a', { '#h': ['secret'] }, NOTHING);
  one.recheck(({ '#h': places }) => (places?.includes('secret') ? 'restricted: members only' : undefined));
  finish();
  await opening;
  expect(said).toEqual([['NEG-ERR', 'a', 'restricted: members only']]);
});
