import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { matchesAny } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import { LiveIndex } from './live.ts';
import type { Subscriber } from './live.ts';
import type { Telling } from './telling.ts';

class Listener implements Subscriber {
  readonly heard: string[] = [];
  readonly filters: readonly Filter[];
  constructor(...filters: readonly Filter[]) {
    this.filters = filters;
  }
  take(telling: Telling): void {
    const { event } = telling;
    expect(JSON.parse(String(telling.frame('s')))).toEqual(['EVENT', 's', event]);
    expect(telling.frame('s')).toBe(telling.frame('s'));
    this.heard.push(event.id);
  }
}

const hex = fc.constantFrom('a', 'b', 'c').map((digit) => digit.repeat(64));
const value = fc.constantFrom('x', 'y', 'u33');
const letter = fc.constantFrom('e', 'h', 'p', 'g', 't');
const event: fc.Arbitrary<NostrEvent> = fc.record({
  id: hex,
  pubkey: hex,
  kind: fc.integer({ min: 1, max: 3 }),
  created_at: fc.integer({ min: 0, max: 3 }),
  content: fc.constant(''),
  sig: fc.constant(''),
  tags: fc.array(fc.tuple(letter, value), { maxLength: 4 }),
});
const filter: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.record(
      {
        ids: fc.array(hex, { maxLength: 2 }),
        authors: fc.array(hex, { maxLength: 2 }),
        kinds: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
        since: fc.integer({ min: 0, max: 3 }),
        limit: fc.integer({ min: 0, max: 3 }),
      },
      { requiredKeys: [] },
    ),
    fc.array(fc.tuple(letter, fc.array(value, { maxLength: 2 })), { maxLength: 2 }),
  )
  .map(([plain, tags]) => ({
    ...plain,
    ...Object.fromEntries(tags.map(([name, values]) => [`#${name}`, values])),
  }));

test('the index hands an event to exactly those whom a scan over all would find, once each', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(filter, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
      event,
      (lists, sent) => {
        const index = new LiveIndex();
        const listeners = lists.map((filters) => new Listener(...filters));
        for (const listener of listeners) index.add(listener);
        index.deliver(sent);
        for (const { filters, heard } of listeners)
          expect(heard).toEqual(matchesAny(filters, sent) ? [sent.id] : []);
      },
    ),
    { numRuns: 500 },
  );
});

test('who is removed hears nothing and leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.array(filter, { minLength: 1 }), event, (filters, sent) => {
      const index = new LiveIndex();
      const listener = new Listener(...filters);
      index.add(listener);
      index.remove(listener);
      index.deliver(sent);
      expect(listener.heard).toEqual([]);
      expect(index.size).toBe(0);
    }),
  );
});
