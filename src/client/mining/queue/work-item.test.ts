import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson } from '../../../../tests/support/wire-arbitraries.ts';
import { mineNow } from '../../../../tests/support/work-tabs.ts';
import { parseWorkItems, writeWorkItems } from './work-item.ts';
import type { WorkItem } from './work-item.ts';

const event = {
  kind: 9007,
  tags: [['h', 'harbour']],
  content: '',
  created_at: 1_800_000_000,
  pubkey: 'ab'.repeat(32),
};
const item: WorkItem = {
  id: 'one',
  slot: 'new harbour',
  title: 'New place: Harbour',
  event,
  bits: 28,
  hashes: 5_000_000,
  begun: 1_800_000_000,
  stage: 'paused',
};
const read = (items: unknown) => parseWorkItems({ v: 1, items });

test('what was written comes back', () => {
  const items: WorkItem[] = [
    item,
    { ...item, id: 'two', relays: ['wss://city.test'], stage: 'mining' },
    { ...item, id: 'three', bits: 5, event: mineNow(event, 5), stage: 'mined' },
    { ...item, id: 'five', instead: 'f'.repeat(64) },
    { ...item, id: 'four', trouble: { code: 'worker', message: 'It stopped.' } },
  ];
  expect(parseWorkItems(structuredClone(writeWorkItems(items)))).toEqual(items);
});

test('a list of anything is a list, and its items can be worked on', () => {
  const mutation = fc.record(
    Object.fromEntries(Object.keys(item).map((key) => [key, fc.oneof(anyJson, fc.constant(item))])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(anyJson, fc.array(mutation.map((change) => ({ ...item, ...change })))), (value) => {
      for (const read of [...parseWorkItems(value), ...parseWorkItems({ items: value })]) {
        expect(['mining', 'paused', 'mined']).toContain(read.stage);
        expect(Number.isSafeInteger(read.hashes) && read.bits >= 1).toBe(true);
        expect(read.event.tags.every((tag) => tag.length > 0)).toBe(true);
      }
    }),
  );
});

test('malformed items are left out, the others stay', () => {
  const bad = [
    null,
    { ...item, id: '' },
    { ...item, bits: 0 },
    { ...item, bits: 28.5 },
    { ...item, hashes: -1 },
    { ...item, hashes: Number.NaN },
    { ...item, begun: 'yesterday' },
    { ...item, title: 7 },
    { ...item, event: { ...event, tags: [[]] } },
    { ...item, event: { ...event, pubkey: 'ab' } },
    { ...item, event: undefined },
  ];
  expect(read([...bad, item])).toEqual([item]);
});

test('an unknown stage is paused, a bad trouble and bad relays are none', () => {
  expect(read([{ ...item, stage: 'asleep', trouble: 'x', relays: [1] }])).toEqual([item]);
});

test('work that claims to be done and is not is done again', () => {
  const mined = mineNow(event, 5);
  const claims = [
    { ...item, id: 'a', bits: 5, event, stage: 'mined' },
    { ...item, id: 'b', bits: 30, event: mined, stage: 'mined' },
    { ...item, id: 'c', bits: 5, event: { ...mined, created_at: 7 }, stage: 'mined' },
  ];
  // One in 32 changed events holds by chance; this one does not.
  expect(read(claims).map(({ stage }) => stage)).toEqual(['mining', 'mining', 'mining']);
});

test('repeated ids are one item, and a flood is cut', () => {
  expect(read([item, { ...item, title: 'again' }])).toEqual([item]);
  expect(read(Array.from({ length: 500 }, (_, at) => ({ ...item, id: `i${at}` })))).toHaveLength(50);
});
