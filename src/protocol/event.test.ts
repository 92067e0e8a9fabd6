import fc from 'fast-check';
import { getEventHash } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { anyEvent, anyJson, anyText, nearlyEvent } from '../../tests/support/wire-arbitraries.ts';
import { eventId, hasValidId, newestFirst, parseEvent, serializeEvent } from './event.ts';

const valid = {
  id: '0'.repeat(64),
  pubkey: 'a'.repeat(64),
  created_at: 1_700_000_000,
  kind: 1,
  tags: [['h', 'harbour']],
  content: 'Ahoy',
  sig: 'b'.repeat(128),
};

test('parseEvent never throws on any JSON, nor on an event that is nearly right', () => {
  fc.assert(
    fc.property(fc.oneof(anyJson, nearlyEvent), (value) => {
      const result = parseEvent(value);
      if (!result.ok) expect(result.error.code).toBe('event');
      else expect(parseEvent(structuredClone(result.value))).toEqual(result);
    }),
    { numRuns: 1000 },
  );
});

test('parseEvent keeps the seven fields of a right event, and only them', () => {
  fc.assert(
    fc.property(anyEvent, anyJson, (event, extra) => {
      expect(parseEvent({ ...event, extra, __seen: true })).toEqual({ ok: true, value: event });
    }),
  );
});

test.each([
  ['an upper-case id', { id: 'A'.repeat(64) }],
  ['a short id', { id: '0'.repeat(63) }],
  ['a short sig', { sig: 'b'.repeat(64) }],
  ['a negative kind', { kind: -1 }],
  ['a kind beyond 65535', { kind: 65_536 }],
  ['a fractional kind', { kind: 1.5 }],
  ['a kind in quotes', { kind: '1' }],
  ['a negative time', { created_at: -1 }],
  ['a fractional time', { created_at: 1.5 }],
  ['a time beyond precision', { created_at: 2 ** 53 }],
  ['no time', { created_at: null }],
  ['content that is no string', { content: { a: 1 } }],
  ['tags that are no array', { tags: { 0: ['h'] } }],
  ['an empty tag', { tags: [[]] }],
  ['a tag of numbers', { tags: [['h', 1]] }],
  ['a tag that is a string', { tags: ['h'] }],
  ['a nested tag', { tags: [['h', ['x']]] }],
])('parseEvent refuses %s', (_name, change) => {
  expect(parseEvent({ ...valid, ...change }).ok).toBe(false);
  expect(parseEvent(valid).ok).toBe(true);
});

test('eventId is nostr-tools’ hash, odd Unicode and lone surrogates included', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      expect(eventId(event)).toBe(getEventHash({ ...event, tags: event.tags.map((tag) => [...tag]) }));
    }),
    { numRuns: 500 },
  );
});

test('the canonical bytes hold NIP-01’s order and no white space', () => {
  const text = new TextDecoder().decode(serializeEvent({ ...valid, content: 'a"\\\n\u2028é\ud800' }));
  expect(text).toBe(`[0,"${valid.pubkey}",1700000000,1,[["h","harbour"]],"a\\"\\\\\\n\u2028é\\ud800"]`);
});

test('a changed field changes the id', () => {
  fc.assert(
    fc.property(anyEvent, anyText, (event, more) => {
      const right = { ...event, id: eventId(event) };
      expect(hasValidId(right)).toBe(true);
      expect(hasValidId({ ...right, content: `${right.content}${more}.` })).toBe(false);
    }),
  );
});

test('newestFirst sorts by time, then by the lower id, whatever the order before', () => {
  const keys = fc.record({ created_at: fc.integer({ min: 0, max: 3 }), id: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(fc.array(keys), (list) => {
      const sorted = [...list].sort(newestFirst);
      expect([...list].reverse().sort(newestFirst)).toEqual(sorted);
      for (const [i, item] of sorted.slice(1).entries()) {
        const before = sorted[i];
        expect(before && (before.created_at > item.created_at || before.id <= item.id)).toBe(true);
      }
    }),
  );
});
