import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesAny } from '#protocol/filters.ts';
import { CHAT_LINE, GIFT_WRAP, NOTE, REACTION } from '#protocol/kinds.ts';
import { makeLine } from '#protocol/messages.ts';
import { parsePushRequest } from '#protocol/push.ts';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { FOR_GOOD, placeFilters, wantsOf } from './wants.ts';
import type { NoticedPlace } from './wants.ts';

const me = fakeKey('a1');
const ben = fakeKey('b2');
const now = 1_800_000_000;
const place = (id: string, level: NoticedPlace['level'] = 'all', mutedUntil = 0): NoticedPlace => ({
  id,
  level,
  mutedUntil,
});
const line = (group: string, mentions: string[] = [], kind = NOTE) =>
  fakeEvent({ ...makeLine({ group, kind, text: 'hello', mentions }), pubkey: ben });
const wakes = (places: readonly NoticedPlace[], event: ReturnType<typeof line>, at = now): boolean =>
  wantsOf(places, me, now).some(({ filter, after = 0 }) => at >= after && matchesAny([filter], event));

test('a place told whole wakes for every line, whatever its kind, and for nothing else', () => {
  const places = [place('pier')];
  expect(wakes(places, line('pier'))).toBe(true);
  expect(wakes(places, line('pier', [], CHAT_LINE))).toBe(true);
  expect(wakes(places, line('tower'))).toBe(false);
  expect(
    wakes(
      places,
      fakeEvent({
        kind: REACTION,
        tags: [
          ['h', 'pier'],
          ['p', me],
        ],
      }),
    ),
  ).toBe(false);
});

test('a place told for mentions wakes when somebody names me', () => {
  const places = [place('pier', 'mentions')];
  expect(wakes(places, line('pier'))).toBe(false);
  expect(wakes(places, line('pier', [ben]))).toBe(false);
  expect(wakes(places, line('pier', [ben, me]))).toBe(true);
});

test('an answer to a line of mine names me', () => {
  const answer = makeLine({
    group: 'pier',
    kind: NOTE,
    text: 'yes',
    replyTo: { id: fakeKey('0e'), pubkey: me },
  });
  expect(wakes([place('pier', 'mentions')], fakeEvent({ ...answer, pubkey: ben }))).toBe(true);
});

test('nothing is nothing, and so is silence for good', () => {
  const places = [place('pier', 'nothing'), place('tower', 'all', FOR_GOOD)];
  expect(wakes(places, line('pier', [me]))).toBe(false);
  expect(wakes(places, line('tower', [me]), FOR_GOOD - 1)).toBe(false);
  expect(wantsOf(places, me, now)).toHaveLength(1);
});

test('a muted place wakes from the end of its silence on', () => {
  const places = [place('pier', 'all', now + 3600)];
  expect(wakes(places, line('pier'), now + 3599)).toBe(false);
  expect(wakes(places, line('pier'), now + 3600)).toBe(true);
  expect(wantsOf([place('pier', 'all', now - 1)], me, now)[1]).not.toHaveProperty('after');
});

test('what goes from person to person always wakes', () => {
  expect(wakes([], fakeEvent({ kind: GIFT_WRAP, tags: [['p', me]] }))).toBe(true);
  expect(wakes([], fakeEvent({ kind: GIFT_WRAP, tags: [['p', ben]] }))).toBe(false);
});

test('the order of places does not matter: nothing has to be told anew', () => {
  const places = [place('b'), place('a'), place('c', 'mentions')];
  expect(wantsOf([...places].reverse(), me, now)).toEqual(wantsOf(places, me, now));
});

test('a look at the relay leaves out the silent and the person-to-person', () => {
  const places = [place('pier'), place('tower', 'mentions'), place('attic', 'all', now + 60)];
  const filters = placeFilters(places, me, now);
  expect(filters.map((filter) => filter['#h'])).toEqual([['pier'], ['tower']]);
  expect(placeFilters(places, me, now + 60).map((filter) => filter['#h'])).toEqual([
    ['attic', 'pier'],
    ['tower'],
  ]);
});

const anyPlace = fc.record({
  id: fc.string({ unit: fc.constantFrom(...'abcdef0123456789'), minLength: 1, maxLength: 64 }),
  level: fc.constantFrom<NoticedPlace['level']>('all', 'mentions', 'nothing'),
  mutedUntil: fc.oneof(
    fc.constant(0),
    fc.constant(FOR_GOOD),
    fc.integer({ min: now - 9, max: now + 9_000_000 }),
  ),
});

test('however many places there are, the city takes the wants', () => {
  fc.assert(
    fc.property(fc.array(anyPlace, { maxLength: 2500 }), (places) => {
      const wants = wantsOf(places, me, now);
      const subscription = {
        endpoint: 'https://push.test/x',
        keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
      };
      expect(parsePushRequest({ subscription, tag: '0'.repeat(32), wants }).ok).toBe(true);
    }),
    { numRuns: 50 },
  );
});
