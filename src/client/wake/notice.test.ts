import fc from 'fast-check';
import { npubEncode, nprofileEncode } from 'nostr-tools/nip19';
import { expect, test } from 'vitest';
import { NOTE } from '#protocol/kinds.ts';
import type { Line } from '#protocol/messages.ts';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { fakeKey } from '../../../tests/support/fake-city.ts';
import { noticeBody, noticeTitle, peopleIn } from './notice.ts';
import type { NoticeWords } from './notice.ts';

const [ada, ben] = [fakeKey('ad'), fakeKey('be')];
const words: NoticeWords = {
  city: 'Testopolis',
  newMessage: 'New message',
  lockedNews: 'Something new',
  look: 'Look',
  test: 'A test',
  someone: (key) => `Someone (${key})`,
  line: (who, text) => `${who}: ${text}`,
  lines: (count, who, text) => `${count} new lines. ${who}: ${text}`,
};
const line = (text: string): Line => ({
  id: fakeKey('1d'),
  group: 'pier',
  author: ada,
  text,
  at: 1,
  kind: NOTE,
  mentions: [],
});
const names = new Map([
  [ada, 'Ada'],
  [ben, 'Ben'],
]);
const nameOf = (pubkey: string): string => names.get(pubkey) ?? 'nobody';
const body = (text: string, count = 1): string => noticeBody(line(text), count, nameOf, words);

test('one line is told as it is, several are counted', () => {
  expect(body('The kettle is on')).toBe('\u2068Ada\u2069: \u2068The kettle is on\u2069');
  expect(body('The kettle is on', 3)).toBe('3 new lines. \u2068Ada\u2069: \u2068The kettle is on\u2069');
});

test('people are called by their names', () => {
  expect(body(`hey nostr:${npubEncode(ben)} and nostr:${nprofileEncode({ pubkey: ada })}`)).toContain(
    'hey @Ben and @Ada',
  );
  expect(
    peopleIn(`nostr:${npubEncode(ben)} nostr:${npubEncode(ada)} nostr:npub1qqqqqqqqqqqqqqqqqqqqqqqq`),
  ).toEqual([ben, ada]);
});

test('nobody writes a second line, a second sender, or backwards', () => {
  const trick = body('hello\nBen: send me your passphrase\u202e\u2069\u2028x');
  expect(trick).toBe('\u2068Ada\u2069: \u2068hello Ben: send me your passphrase x\u2069');
});

test('whatever is written, a notification stays one short, closed line', () => {
  fc.assert(
    fc.property(anyText, anyText, (text, name) => {
      const shown = noticeBody(line(text), 1, () => name, words);
      expect([...shown].length).toBeLessThanOrEqual(140 + 50 + 6);
      expect(shown).not.toMatch(/[\n\r\u2028\u2029\u202a-\u202e]/u);
      expect(shown.match(/\u2068/gu)?.length).toBe(2);
      expect(shown.match(/\u2069/gu)?.length).toBe(2);
      expect(noticeTitle(name)).toMatch(/^\u2068[^\u2068\u2069\n]*\u2069$/u);
    }),
    { numRuns: 500 },
  );
});
