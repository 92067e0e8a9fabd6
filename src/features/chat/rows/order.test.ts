import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOTE } from '#protocol/kinds.ts';
import { makeLine, makeSequenceTag } from '#protocol/messages.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { newestWindow, refreshed, rowsBefore, windowAround, withOlder } from '../talk/line-window.ts';
import { beforeLine, compareLines, conversations, lines } from './tables.ts';

const AT = 1_800_000_000;
const BEN = fakeKey('b2');

/** So many lines of one second, numbered as their author's device does. */
const burst = (count: number, at = AT) =>
  Array.from({ length: count }, (_, index) => {
    const draft = makeLine({ group: 'plaza', kind: NOTE, text: `${at} ${index}` });
    const tags = index === 0 ? draft.tags : [...draft.tags, makeSequenceTag(index)];
    return fakeEvent({ ...draft, tags, created_at: at, pubkey: BEN });
  });
const begin = () => new FakeCity({ projections: [chatProjection], account: fakeAccount() });
const texts = (found: readonly { text: string }[]) => found.map(({ text }) => text);

test('lines of one second stand as written, whatever order they came in, and the last of them is the newest', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(burst(12), { minLength: 12 }), async (arrived) => {
      const city = begin();
      await city.deliver(...arrived);
      const { lines: shown } = await newestWindow(city, 'plaza');
      expect(texts(shown)).toEqual(burst(12).map(({ content }) => content));
      expect(await city.get(conversations, 'plaza')).toMatchObject({ lastText: `${AT} 11`, lastSeq: 11 });
    }),
    { numRuns: 20 },
  );
});

test('windows go through a second without losing or repeating a line', async () => {
  const city = begin();
  const said = [...burst(90, AT), ...burst(90, AT + 1)];
  await city.deliver(...said);
  let window = await newestWindow(city, 'plaza');
  for (let page = 0; page < 3; page++) window = withOlder(window, await rowsBefore(city, 'plaza', window));
  expect(texts(window.lines)).toEqual(said.map(({ content }) => content));
  expect(texts((await refreshed(city, 'plaza', window, true)).lines)).toEqual(texts(window.lines));
  const middle = window.lines[40];
  if (!middle) throw new Error('no line there');
  const around = await windowAround(city, 'plaza', beforeLine(middle));
  expect(around.lines.filter(({ id }) => id === middle.id)).toHaveLength(1);
});

test('reading and putting away take whole seconds', async () => {
  const city = begin();
  await city.deliver(...burst(5, AT), ...burst(3, AT + 1));
  await city.record({ type: 'ConversationRead', v: 1, conversation: 'plaza', upTo: AT });
  expect(await city.get(conversations, 'plaza')).toMatchObject({ lines: 8, unread: 3 });
  await city.record({ type: 'ConversationCleared', v: 1, conversation: 'plaza', upTo: AT, at: AT });
  expect(texts(await city.part(lines, { part: 'plaza' }))).toEqual(
    [2, 1, 0].map((index) => `${AT + 1} ${index}`),
  );
});

test('a deleted newest line gives its place to the one written before it', async () => {
  const city = begin();
  const said = burst(4);
  await city.deliver(...said);
  const last = said.at(-1)?.id ?? '';
  await city.deliver(fakeEvent({ kind: 5, tags: [['e', last]], pubkey: BEN }));
  expect(await city.get(conversations, 'plaza')).toMatchObject({ lastText: `${AT} 2`, lastSeq: 2, lines: 3 });
});

test('a number never reaches into the next second', () => {
  const late = { at: AT, seq: 9999, id: 'f' };
  expect(compareLines(late, { at: AT + 1, id: '0' })).toBeLessThan(0);
  expect(compareLines(late, { at: AT, seq: 9998, id: 'ff' })).toBeGreaterThan(0);
});
