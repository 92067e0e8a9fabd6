import { expect, test } from 'vitest';
import { NOTE } from '#protocol/kinds.ts';
import { fail } from '#shared/result.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';
import { FakeCity, fakeAccount, refusal } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { lines } from '../rows/tables.ts';
import { Deeds } from './deeds.svelte.ts';
import type { Joined } from './mending.ts';

interface Scene {
  readonly reason: string;
  readonly join?: (() => Promise<Joined>) | undefined;
  readonly texts?: readonly string[];
}

/** A person whose lines were refused. */
const begin = async ({ reason, join, texts = ['one', 'two', 'three'] }: Scene) => {
  const city = new FakeCity({ projections: [chatProjection], account: fakeAccount() });
  const toasts: ToastWish[] = [];
  const waiting: (() => void)[] = [];
  const deeds = new Deeds(city, {
    group: 'plaza',
    lineKind: NOTE,
    join,
    ontoast: (wish) => toasts.push(wish),
    after: (_ms, done) => {
      waiting.push(done);
      return () => void waiting.splice(waiting.indexOf(done), 1);
    },
  });
  city.answers = () => refusal(reason);
  for (const text of texts) await deeds.send(text);
  const ids = city.published.map(({ id }) => id);
  city.answers = () => ({ ok: true, value: { note: '' } });
  const shown = async () =>
    (await city.part(lines, { part: 'plaza' })).reverse().map(({ text, state }) => `${text}: ${state}`);
  return { city, deeds, ids, toasts, shown, pass: () => waiting.splice(0).forEach((done) => done()) };
};

test('lines that waited too long go out again as they were written, and the old ones are gone', async () => {
  const { city, deeds, ids, shown, toasts } = await begin({ reason: 'invalid: too old' });
  expect(await shown()).toEqual(['one: failed', 'two: failed', 'three: failed']);
  await deeds.mending.mend(ids, { way: 'resign', because: 'old' });
  expect(await shown()).toEqual(['one: sent', 'two: sent', 'three: sent']);
  expect(city.discarded).toEqual(ids);
  expect(deeds.retrying.size).toBe(0);
  expect(toasts).toEqual([]);
});

test('a line is mined anew with as many bits as were asked for', async () => {
  const { city, deeds, ids, shown } = await begin({ reason: 'pow: 1 needs 9 bits', texts: ['one'] });
  await deeds.mending.mend(ids, { way: 'remine', bits: 9 });
  expect(city.options.at(-1)).toMatchObject({ work: 9, instead: ids[0] });
  expect(await shown()).toEqual(['one: sent']);
});

test('who is let in at once is heard: the very same lines go again, in order', async () => {
  const { city, deeds, ids } = await begin({ reason: 'restricted: members', join: async () => 'joined' });
  expect(deeds.mending.canJoin).toBe(true);
  await deeds.mending.mend(ids, { way: 'join' });
  expect(city.retried).toEqual(ids);
  expect([...deeds.retrying]).toEqual(ids);
});

test('who has to wait for somebody keeps the lines and is told', async () => {
  const { city, deeds, ids, toasts, shown } = await begin({
    reason: 'restricted: members',
    join: async () => 'pending',
  });
  await deeds.mending.mend(ids, { way: 'join' });
  expect(city.retried).toEqual([]);
  expect(toasts.map(({ text }) => text)).toEqual([expect.stringContaining('asked to join')]);
  expect(await shown()).toEqual(['one: failed', 'two: failed', 'three: failed']);
  expect(deeds.retrying.size).toBe(0);
});

test('without a way to join, and after a no, nothing is sent', async () => {
  for (const join of [undefined, async () => 'failed' as const]) {
    const { city, deeds, ids } = await begin({ reason: 'restricted: members', join });
    await deeds.mending.mend(ids, { way: 'join' });
    expect(city.retried).toEqual([]);
    expect(deeds.retrying.size).toBe(0);
  }
});

test('who signs in is heard; who turns back keeps the line', async () => {
  const { city, deeds, ids } = await begin({ reason: 'auth-required: who', texts: ['one'] });
  await deeds.mending.mend(ids, { way: 'sign-in' });
  expect(city.retried).toEqual(ids);
  city.account = undefined;
  await deeds.mending.mend(ids, { way: 'sign-in' });
  expect(city.retried).toEqual(ids);
  expect(city.asked).toEqual(['write', 'write']);
});

test('what cannot be signed or kept stays as it is, and why is said', async () => {
  const { city, deeds, ids, toasts, shown } = await begin({ reason: 'invalid: too old' });
  city.publishFailure = { code: 'storage', message: 'full' };
  await deeds.mending.mend(ids, { way: 'resign', because: 'old' });
  expect(await shown()).toEqual(['one: failed', 'two: failed', 'three: failed']);
  expect(toasts).toMatchObject([{ tone: 'danger', text: expect.stringContaining('room') }]);
  city.publishFailure = undefined;
  city.account = fakeAccount('b2'.repeat(32));
  await deeds.mending.mend(ids, { way: 'resign', because: 'old' });
  expect(toasts.at(-1)?.text).toContain('another account');
});

test('a join that breaks leaves nothing hanging', async () => {
  const { deeds, ids } = await begin({
    reason: 'restricted: members',
    join: () => Promise.reject(new Error('x')),
  });
  await expect(deeds.mending.mend(ids, { way: 'join' })).rejects.toThrow('x');
  expect(deeds.retrying.size).toBe(0);
});

test('a line is given up only once nobody wanted it back', async () => {
  const { city, deeds, ids, toasts, pass, shown } = await begin({
    reason: 'mute: no',
    texts: ['one', 'two'],
  });
  const [one = '', two = ''] = ids;
  deeds.discard(one);
  deeds.discard(one);
  expect(toasts).toHaveLength(1);
  expect(deeds.hidden.has(one)).toBe(true);
  toasts[0]?.undo?.();
  pass();
  expect(deeds.hidden.has(one)).toBe(false);
  expect(city.discarded).toEqual([]);
  deeds.discard(two);
  pass();
  expect(city.discarded).toEqual([two]);
  deeds.discard(one);
  await deeds.stop();
  expect(city.discarded).toEqual([two, one]);
  expect(await shown()).toEqual([]);
});

test('a full disk: the composer gets its words back and the person hears what to do, for lines and for reactions', async () => {
  const { city, deeds, toasts } = await begin({ reason: 'mute: no', texts: [] });
  city.publish = async () => fail('storage', 'This device could not store what you wrote.');
  expect(await deeds.send('not to be lost')).toBe(false);
  expect(toasts.at(-1)).toMatchObject({
    tone: 'danger',
    text: expect.stringMatching(/still in the field.*Free some space/),
  });
  const line = { id: 'a'.repeat(64), author: 'b'.repeat(64), kind: NOTE, group: 'plaza' };
  await deeds.react({ ...line, text: '', at: 1, mentions: [], state: 'sent', relays: [] }, '🎉');
  expect(toasts.at(-1)).toMatchObject({ tone: 'danger', text: expect.stringMatching(/Free some space/) });
  expect(toasts.at(-1)?.text).not.toContain('field');
});
