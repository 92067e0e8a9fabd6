import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directProjection } from '#client/direct/projection.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import { makeReceipt } from '#protocol/direct/receipts.ts';
import type { ReceiptStatus } from '#protocol/direct/receipts.ts';
import { makeRumor, talkOf } from '#protocol/direct/rumors.ts';
import { FakeCity, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { heardLines } from '../rows/receipts.ts';
import { lines } from '../rows/tables.ts';
import { arrivalOf } from './arrival.ts';

const [me, anna, ben, eve] = [fakeKey('a1'), fakeKey('b2'), fakeKey('c3'), fakeKey('e5')];
const NOW = 1_800_000_000;
const make = () => new FakeCity({ projections: [directProjection, chatProjection] });
const say = (author: string, to: readonly string[], at: number, content = 'Hello') =>
  makeRumor({ kind: 14, content, tags: [] }, { author, to, at });
const wrapOf = (rumor: { id: string }, to: string): string =>
  fakeKey(`${rumor.id.slice(0, 20)}${to.slice(0, 20)}`);
type Said = ReturnType<typeof say>;
const sent = (rumor: Said, to: readonly string[]): LocalEvent => ({
  type: 'RumorSent',
  v: 1,
  rumor,
  wraps: [...to, me].map((one) => ({ id: wrapOf(rumor, one), to: one })),
});
const accepted = (rumor: Said, to: string): LocalEvent => ({
  type: 'EventAccepted',
  v: 1,
  id: wrapOf(rumor, to),
  relay: 'wss://city.test',
  note: '',
});
const receipt = (by: string, line: Said, status: ReceiptStatus, at: number, to = me): LocalEvent => {
  const rumor = makeRumor(makeReceipt({ line: line.id, status }), { author: by, to: [to], at });
  return { type: 'WrapOpened', v: 1, wrap: wrapOf(rumor, to), to, rumor };
};
const arrival = async (city: FakeCity, { id }: Said) => {
  const row = await city.get(lines, id);
  return row && (await arrivalOf(city, row));
};

test('a line goes from pending by sent and delivered to read, with times; older ones go with it', async () => {
  const city = make();
  const [first, second] = [say(me, [anna], NOW, 'One'), say(me, [anna], NOW + 5, 'Two')];
  const states = async () => [(await arrival(city, first))?.state, (await arrival(city, second))?.state];
  await city.record(sent(first, [anna]), sent(second, [anna]));
  expect(await states()).toEqual(['pending', 'pending']);
  await city.record(accepted(first, anna), accepted(second, anna));
  expect(await states()).toEqual(['sent', 'sent']);
  await city.record(receipt(anna, first, 'delivered', NOW + 10));
  expect(await states()).toEqual(['delivered', 'sent']);
  await city.record(receipt(anna, second, 'read', NOW + 20));
  expect(await states()).toEqual(['read', 'read']);
  expect((await arrival(city, first))?.people).toEqual([
    { person: anna, state: 'read', delivered: NOW + 10, read: NOW + 20 },
  ]);
});

test('in a circle each person has their own; what holds for all is the least', async () => {
  const city = make();
  const line = say(me, [anna, ben, eve], NOW);
  await city.record(sent(line, [anna, ben, eve]), accepted(line, anna), accepted(line, ben));
  await city.record({
    type: 'EventRejected',
    v: 1,
    id: wrapOf(line, eve),
    relay: 'wss://eve.example',
    reason: 'blocked: no',
  });
  await city.record(receipt(anna, line, 'read', NOW + 9));
  const found = await arrival(city, line);
  expect(found?.state).toBe('sent');
  expect(found?.people).toEqual([
    { person: anna, state: 'read', read: NOW + 9 },
    { person: ben, state: 'sent' },
    { person: eve, state: 'failed', wrap: wrapOf(line, eve), reason: 'blocked: no' },
  ]);
});

test('what is held for somebody without an inbox is told apart from what failed', async () => {
  const city = make();
  const line = say(me, [anna], NOW);
  const wrap = fakeEvent({ kind: 1059, id: wrapOf(line, anna), tags: [['p', anna]], pubkey: eve });
  await city.record(sent(line, [anna]), { type: 'LetterHeld', v: 1, wrap, to: anna });
  expect(await arrival(city, line)).toEqual({
    state: 'pending',
    people: [{ person: anna, state: 'held', wrap: wrap.id }],
  });
});

test('receipts count only from people of the talk, for lines of the account they came for, in any order', async () => {
  const line = say(me, [anna], NOW);
  const theirs = say(anna, [me], NOW + 1);
  const opened: LocalEvent = { type: 'WrapOpened', v: 1, wrap: wrapOf(theirs, me), to: me, rumor: theirs };
  const history: LocalEvent[] = [
    sent(line, [anna]),
    opened,
    receipt(anna, line, 'delivered', NOW + 4),
    // A stranger; one’s own; for a line of the other; for one that was never said.
    receipt(eve, line, 'read', NOW + 2),
    receipt(me, line, 'read', NOW + 2),
    receipt(anna, theirs, 'read', NOW + 2),
    receipt(anna, say(me, [anna], NOW + 9, 'Never said'), 'read', NOW + 2),
  ];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(history, { minLength: history.length }), async (events) => {
      // A line that was said on another device comes in a wrap, maybe after its receipts.
      const city = make();
      const other: LocalEvent = { type: 'WrapOpened', v: 1, wrap: wrapOf(line, me), to: me, rumor: line };
      await city.record(...events.map((one) => (one.type === 'RumorSent' ? other : one)));
      expect((await arrival(city, line))?.people).toEqual([
        { person: anna, state: 'delivered', delivered: NOW + 4 },
      ]);
    }),
    { numRuns: 25 },
  );
});

test('what there is to confirm is the newest of each other person, up to where was read', async () => {
  const city = make();
  const came = [
    say(anna, [me, ben], NOW, 'One'),
    say(anna, [me, ben], NOW + 1, 'Two'),
    say(ben, [me, anna], NOW + 2),
    say(anna, [me, ben], NOW + 9, 'Not read yet'),
  ];
  for (const rumor of came)
    await city.record({ type: 'WrapOpened', v: 1, wrap: wrapOf(rumor, me), to: me, rumor });
  await city.record(sent(say(me, [anna, ben], NOW + 3), [anna, ben]));
  const heard = await heardLines(city, talkOf([me, anna, ben], me), NOW + 5, me);
  expect(heard.map(({ id }) => id).sort()).toEqual([came[1]!.id, came[2]!.id].sort());
});
