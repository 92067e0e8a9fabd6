import { expect, test } from 'vitest';
import { matchesAny } from '#protocol/filters.ts';
import { NOTE, REACTION } from '#protocol/kinds.ts';
import { makeDeleteEvent } from '#protocol/groups.ts';
import { makeDeletion, makeLine } from '#protocol/messages.ts';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import type { WakeCard, WakePlace } from './card.ts';
import { lineToShow, newsFilters, newsIn } from './news.ts';
import { FOR_GOOD } from './wants.ts';

const [me, ada, ben] = [fakeKey('a1'), fakeKey('ada'), fakeKey('be')];
const seen = 1_800_000_000;
const now = seen + 600;
const place = (id: string, parts: Partial<WakePlace> = {}): WakePlace => ({
  id,
  name: id,
  level: 'all',
  mutedUntil: 0,
  isClosed: false,
  readUpTo: 0,
  ...parts,
});
const card = (...places: WakePlace[]): WakeCard => ({
  relay: 'wss://city.test',
  pubkey: me,
  showsWords: true,
  seenUpTo: seen,
  places,
  shunned: { people: [], words: [] },
});
const said = (
  group: string,
  text: string,
  parts: { pubkey?: string; at?: number; mentions?: string[] } = {},
) =>
  fakeEvent({
    ...makeLine({ group, kind: NOTE, text, mentions: parts.mentions ?? [] }),
    pubkey: parts.pubkey ?? ada,
    created_at: parts.at ?? now,
  });
const texts = (card: WakeCard, events: Parameters<typeof newsIn>[1], told: string[] = []): string[] =>
  newsIn(card, events, new Set(told), now).flatMap(({ lines }) => lines.map(({ text }) => text));

test('a look asks for open places that are told, from a little before the person looked last', () => {
  const filters = newsFilters(
    card(
      place('pier'),
      place('tower', { level: 'mentions' }),
      place('attic', { isClosed: true }),
      place('cellar', { level: 'nothing' }),
      place('yard', { mutedUntil: now + 1 }),
    ),
    now,
  );
  expect(filters.map((filter) => filter['#h'])).toEqual([['pier'], ['tower'], ['pier', 'tower']]);
  for (const filter of filters) expect(filter.since).toBe(seen - 120);
  expect(matchesAny(filters, said('tower', 'hi'))).toBe(false);
  expect(matchesAny(filters, said('tower', 'hi', { mentions: [me] }))).toBe(true);
  expect(
    newsFilters(card(place('attic', { isClosed: true }), place('x', { mutedUntil: FOR_GOOD })), now),
  ).toEqual([]);
});

test('lines of others are news; own, read, told, old and foreign ones are not', () => {
  const known = said('pier', 'told before');
  const events = [
    said('pier', 'new'),
    said('pier', 'mine', { pubkey: me }),
    said('tower', 'read', { at: now - 1 }),
    said('tower', 'unread', { at: now }),
    said('pier', 'before I left', { at: seen - 121 }),
    said('nowhere', 'not asked for'),
    known,
    fakeEvent({
      kind: REACTION,
      pubkey: ada,
      tags: [
        ['h', 'pier'],
        ['e', known.id],
      ],
      content: '+',
    }),
  ];
  const cards = card(place('pier'), place('tower', { readUpTo: now - 1 }));
  expect(texts(cards, events, [known.id]).sort()).toEqual(['new', 'unread']);
});

test('what was taken back or has expired is not told', () => {
  const [one, two, three] = [said('pier', 'one'), said('pier', 'two'), said('pier', 'three')];
  const gone = [
    { ...fakeEvent({ ...makeDeletion([one], 'pier'), pubkey: ada }) },
    { ...fakeEvent({ ...makeDeletion([two], 'pier'), pubkey: ben }) },
    { ...fakeEvent({ ...makeDeleteEvent('pier', three.id), pubkey: ben }) },
  ];
  const short = fakeEvent({
    ...said('pier', 'short-lived'),
    id: fakeKey('5e'),
    tags: [
      ['h', 'pier'],
      ['expiration', String(now)],
    ],
  });
  expect(texts(card(place('pier')), [...gone, one, two, three, short])).toEqual(['two']);
});

test('lines stand in their order, places with the newest last', () => {
  const events = [
    said('pier', 'second', { at: now - 5 }),
    said('pier', 'first', { at: now - 9 }),
    said('tower', 'between', { at: now - 7 }),
  ];
  const news = newsIn(card(place('pier'), place('tower')), events, new Set(), now);
  expect(news.map(({ place: { id }, lines }) => [id, ...lines.map(({ text }) => text)])).toEqual([
    ['tower', 'between'],
    ['pier', 'first', 'second'],
  ]);
});

test('of several lines the one that names me is shown', () => {
  const events = [
    said('pier', 'hey you', { at: now - 2, mentions: [me] }),
    said('pier', 'by the way', { at: now - 1 }),
  ];
  const [news] = newsIn(card(place('pier')), events, new Set(), now);
  expect(news && lineToShow(news, me)?.text).toBe('hey you');
  expect(news && lineToShow(news, ben)?.text).toBe('by the way');
});

test('of people and words that are put away nothing is told', () => {
  const shunned = { people: [ben.slice(0, 16)], words: ['durian'] };
  const events = [said('pier', 'hi', { pubkey: ben }), said('pier', 'A durian!'), said('pier', 'hello')];
  expect(texts({ ...card(place('pier')), shunned }, events)).toEqual(['hello']);
});
