import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvent, anyText } from '../../tests/support/wire-arbitraries.ts';
import type { NostrEvent } from './event.ts';
import { makeMyGroups, makeRelayList, normalizeRelayUrl, parseMyGroups, parseRelayList } from './lists.ts';

const event = (tags: string[][], content = ''): NostrEvent => ({
  kind: 10002,
  content,
  tags,
  created_at: 1,
  id: 'a'.repeat(64),
  pubkey: 'b'.repeat(64),
  sig: 'c'.repeat(128),
});
const address = fc.oneof(
  fc.webUrl({ validSchemes: ['ws', 'wss'], withQueryParameters: true, withFragments: true }),
  fc.webUrl(),
  anyText,
);

test('one relay has one spelling', () => {
  fc.assert(
    fc.property(address, (text) => {
      const url = normalizeRelayUrl(text);
      if (url === undefined) return;
      expect(url).toMatch(/^wss?:\/\//);
      expect(url).not.toMatch(/#/);
      expect(normalizeRelayUrl(url)).toBe(url);
    }),
    { numRuns: 1000 },
  );
  for (const spelling of [
    'WSS://Relay.Example',
    'wss://relay.example/',
    'wss://relay.example:443//',
    'wss://relay.example#x',
  ])
    expect(normalizeRelayUrl(spelling)).toBe('wss://relay.example');
});

test.each(['', 'relay.example', 'https://relay.example', 'javascript:alert(1)', 'wss://', 'wss://a b'])(
  '%j is no relay',
  (text) => {
    expect(normalizeRelayUrl(text)).toBeUndefined();
  },
);

test('parseRelayList never throws; markers part reading from writing', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const { read, write } = parseRelayList(event);
      for (const url of [...read, ...write]) expect(normalizeRelayUrl(url)).toBe(url);
      expect(new Set(read).size).toBe(read.length);
    }),
    { numRuns: 500 },
  );
  const list = parseRelayList(
    event([
      ['r', 'wss://both.x/'],
      ['r', 'wss://in.x', 'read'],
      ['r', 'wss://out.x', 'write'],
      ['r'],
      ['r', 'nope'],
    ]),
  );
  expect(list).toEqual({ read: ['wss://both.x', 'wss://in.x'], write: ['wss://both.x', 'wss://out.x'] });
});

test('adding a relay keeps every tag and the content, adds once, and again nothing', () => {
  fc.assert(
    fc.property(anyEvent, fc.constantFrom('wss://city.example', 'wss://City.example/'), (previous, relay) => {
      const once = makeRelayList(relay, previous);
      expect(once.tags.slice(0, previous.tags.length)).toEqual(previous.tags);
      expect(once.tags.length).toBeLessThanOrEqual(previous.tags.length + 1);
      expect(once.content).toBe(previous.content);
      expect(parseRelayList(event(once.tags.map((tag) => [...tag]))).write).toContain('wss://city.example');
      expect(makeRelayList(relay, { ...previous, tags: once.tags }).tags).toEqual(once.tags);
    }),
  );
  expect(makeRelayList('wss://city.example').tags).toEqual([['r', 'wss://city.example']]);
});

const change = { group: 'g1', relay: 'wss://city.example' };

test('joining and leaving a group keeps foreign tags and sealed content', () => {
  fc.assert(
    fc.property(anyEvent, (previous) => {
      const joined = makeMyGroups({ ...change, member: true, name: 'Quay' }, previous);
      expect(joined.content).toBe(previous.content);
      expect(joined.tags.slice(0, -1)).toEqual(previous.tags);
      expect(joined.tags.at(-1)).toEqual(['group', 'g1', 'wss://city.example', 'Quay']);
      const again = makeMyGroups({ ...change, member: true }, { ...previous, tags: joined.tags });
      expect(
        parseMyGroups({ ...previous, tags: again.tags }).filter(({ group }) => group === 'g1'),
      ).toHaveLength(1);
      const left = makeMyGroups({ ...change, member: false }, { ...previous, tags: again.tags });
      expect(left.tags).toEqual(previous.tags);
    }),
  );
});

test('the same group at another relay is another group', () => {
  const previous = event([
    ['group', 'g1', 'wss://other.example'],
    ['group', 'g1', 'WSS://city.example/', 'Old'],
    ['r', 'x'],
  ]);
  expect(makeMyGroups({ ...change, member: false }, previous).tags).toEqual([
    ['group', 'g1', 'wss://other.example'],
    ['r', 'x'],
  ]);
});

test('parseMyGroups never throws; a group without a relay is left out', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      for (const { relay, group } of parseMyGroups(event))
        expect(group && normalizeRelayUrl(relay)).toBe(relay);
    }),
  );
  expect(
    parseMyGroups(
      event([
        ['group', 'g1'],
        ['group', 'g2', 'nope'],
        ['group', '', 'wss://a.x'],
      ]),
    ),
  ).toEqual([]);
});
