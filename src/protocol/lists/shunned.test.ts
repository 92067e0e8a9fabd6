import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvent } from '../../../tests/support/wire-arbitraries.ts';
import { isHex64 } from '#shared/bytes.ts';
import { parseBlocked, parseMuted, personItem, placeItem, wordItem } from './shunned.ts';

const [ana, ben] = ['a1'.repeat(32), 'b2'.repeat(32)];
const place = { id: 'pier', relay: 'wss://city.test' };

test('people, words and places, open and sealed, each once', () => {
  const sealed = [personItem(ana), wordItem('durian'), placeItem(place), ['t', 'tag'], ['e', 'thread']];
  const muted = parseMuted({ open: [personItem(ben), personItem(ana)], sealed });
  expect(muted).toEqual({ people: [ana, ben], words: ['durian'], places: [place] });
});

test('malformed items are passed over', () => {
  const open = [
    ['p', 'nobody'],
    ['p'],
    ['word'],
    ['word', ''],
    ['group', 'x'],
    ['group', 'x', 'https://no.relay'],
  ];
  expect(parseMuted({ open, sealed: [] })).toEqual({ people: [], words: [], places: [] });
});

test('blocked are people alone, not the relays of the same list', () => {
  expect(parseBlocked({ open: [['relay', 'wss://bad.test'], personItem(ana), ['p', 'nobody']] })).toEqual([
    ana,
  ]);
});

test('no list breaks the reading', () => {
  fc.assert(
    fc.property(anyEvent, anyEvent, ({ tags: open }, { tags: sealed }) => {
      const { people, places } = parseMuted({ open, sealed });
      for (const one of [...people, ...parseBlocked({ open })]) expect(isHex64(one)).toBe(true);
      for (const { id, relay } of places) expect(id && relay).toBeTruthy();
    }),
  );
});
