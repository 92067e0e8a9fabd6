import fc from 'fast-check';
import { nip77 } from 'nostr-tools';
import { describe, expect, test } from 'vitest';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { ItemSet } from './item-set.ts';
import type { Item } from './item-set.ts';
import { answerReconciliation, continueReconciliation, openReconciliation } from './reconcile.ts';

const MOST = 60_000;
const bytes = (hex: string): Uint8Array => {
  const parsed = parseHex(hex);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
};

/** A small generator with a seed, so that a failing run can be had again. */
const randomOf = (seed: number) => () => {
  seed = (seed * 1664525 + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const hexOf = (random: () => number): string =>
  Array.from({ length: 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');

interface Sides {
  readonly mine: Item[];
  readonly theirs: Item[];
  readonly onlyMine: string[];
  readonly onlyTheirs: string[];
}
/** As the reference's fuzzer deals records out: to one side, the other, or (mostly) both. */
const deal = (seed: number, count: number, { one = 0.01, other = 0.01, times = count } = {}): Sides => {
  const random = randomOf(seed);
  const sides: Sides = { mine: [], theirs: [], onlyMine: [], onlyTheirs: [] };
  for (let n = 0; n < count; n++) {
    const item = { at: 1_677_970_534 + Math.floor(random() * times), id: hexOf(random) };
    const lot = random();
    if (lot >= other) sides.mine.push(item);
    if (lot < other || lot >= other + one) sides.theirs.push(item);
    if (lot < other) sides.onlyTheirs.push(item.id);
    else if (lot < other + one) sides.onlyMine.push(item.id);
  }
  return sides;
};

/** Lets two sides talk; `most` bounds each message. */
const reconcile = ({ mine, theirs }: Pick<Sides, 'mine' | 'theirs'>, most = MOST) => {
  const [here, there] = [new ItemSet(mine), new ItemSet(theirs)];
  const [have, need] = [new Set<string>(), new Set<string>()];
  const sizes: number[] = [];
  let next: Uint8Array | undefined = openReconciliation(here);
  while (next) {
    sizes.push(next.length);
    if (sizes.length > 2000) throw new Error('no end');
    const answer = answerReconciliation(there, next, most);
    if (!answer.ok) throw new Error(answer.error.message);
    sizes.push(answer.value.length);
    const step = continueReconciliation(here, answer.value, most);
    if (!step.ok) throw new Error(step.error.message);
    step.value.have.forEach((id) => have.add(id));
    step.value.need.forEach((id) => need.add(id));
    next = step.value.next;
  }
  return { have: [...have].sort(), need: [...need].sort(), sizes };
};

describe('two sides find what the other lacks', () => {
  test.each([
    ['nothing on either side', deal(1, 0)],
    ['nothing here', deal(2, 500, { one: 0, other: 1 })],
    ['nothing there', deal(3, 500, { one: 1, other: 0 })],
    ['the same', deal(4, 3000, { one: 0, other: 0 })],
    ['nothing in common', deal(5, 3000, { one: 0.5, other: 0.5 })],
    ['one percent each way', deal(6, 10_000)],
    ['all in one second', deal(7, 4000, { times: 1 })],
    ['a few seconds', deal(8, 4000, { times: 7, one: 0.1 })],
  ])('%s', (_name, sides) => {
    for (const most of [MOST, 4096]) {
      const { have, need, sizes } = reconcile(sides, most);
      expect(have).toEqual([...sides.onlyMine].sort());
      expect(need).toEqual([...sides.onlyTheirs].sort());
      expect(Math.max(...sizes)).toBeLessThanOrEqual(most);
    }
  });

  test('any sets, as the reference is fuzzed', () => {
    const share = fc.constantFrom(0, 0.001, 0.02, 0.3);
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 1500 }),
        share,
        share,
        fc.constantFrom(1, 40, 1e6),
        fc.constantFrom(4096, 9000, MOST),
        (seed, count, one, other, times, most) => {
          const sides = deal(seed, count, { one, other, times });
          const { have, need } = reconcile(sides, most);
          expect(have).toEqual([...sides.onlyMine].sort());
          expect(need).toEqual([...sides.onlyTheirs].sort());
        },
      ),
      { numRuns: 150 },
    );
  });

  test('ids of one long common beginning are told apart', () => {
    const id = (n: number) => `${'ab'.repeat(30)}${n.toString(16).padStart(4, '0')}`;
    const all = Array.from({ length: 600 }, (_, n) => ({ at: 5, id: id(n) }));
    const { need, have } = reconcile({ mine: all.filter((_, n) => n % 50 !== 0), theirs: all.slice(1) });
    expect(need).toEqual(all.filter((_, n) => n % 50 === 0 && n > 0).map((item) => item.id));
    expect(have).toEqual([]);
  });
});

describe('beside nostr-tools', () => {
  const storageOf = (items: readonly Item[]) => {
    const storage = new nip77.NegentropyStorageVector();
    for (const { at, id } of items) storage.insert(at, id);
    storage.seal();
    return storage;
  };

  test('its first message is ours, byte for byte', () => {
    for (const [seed, count, times] of [
      [1, 0, 1],
      [2, 31, 100],
      [3, 32, 100],
      [4, 5000, 5000],
      [5, 5000, 3],
    ] as const) {
      const { mine } = deal(seed, count, { times });
      const theirs = new nip77.Negentropy(storageOf(mine)).initiate();
      expect(bytesToHex(openReconciliation(new ItemSet(mine)))).toBe(theirs);
    }
  });

  test.each([
    [11, 10_000, 4096],
    [12, 10_000, MOST],
    [13, 2000, MOST],
  ])('it asks, this side answers (seed %d, %d items, messages of %d)', (seed, count, most) => {
    const { mine, theirs, onlyMine, onlyTheirs } = deal(seed, count);
    const asking = new nip77.Negentropy(storageOf(mine), most);
    const there = new ItemSet(theirs);
    const [have, need] = [new Set<string>(), new Set<string>()];
    let message: string | null = asking.initiate();
    for (let round = 0; message !== null && round < 200; round++) {
      const answer = answerReconciliation(there, bytes(message), most);
      if (!answer.ok) throw new Error(answer.error.message);
      message = asking.reconcile(
        bytesToHex(answer.value),
        (id) => have.add(id),
        (id) => need.add(id),
      );
    }
    expect(message).toBeNull();
    expect([...have].sort()).toEqual([...onlyMine].sort());
    expect([...need].sort()).toEqual([...onlyTheirs].sort());
  });
});

test('the sum, the digest and the bounds of a set that can be checked by hand', () => {
  const items = new ItemSet([
    { at: 2, id: 'ff'.repeat(32) },
    { at: 1, id: `02${'00'.repeat(31)}` },
    { at: 1, id: `02${'00'.repeat(31)}` },
    { at: -1, id: '00'.repeat(32) },
    { at: 3, id: 'not an id' },
  ]);
  expect(items.size).toBe(2);
  // 2^256 − 1 + 2 = 1 (mod 2^256); SHA-256 of 1 in 32 little-endian bytes, then the count 2.
  expect(bytesToHex(items.fingerprint(0, 2))).toBe('6092a26dea6bc7bdc57a942f1df2d0d7');
  expect(items.boundBetween(1)).toEqual({ at: 2, id: new Uint8Array(0) });
  expect(bytesToHex(openReconciliation(items))).toBe(`6100000202${'02'}${'00'.repeat(31)}${'ff'.repeat(32)}`);
});

test('another version is answered with ours, and the talk goes on (the reference’s protoversion test)', () => {
  const items = new ItemSet([{ at: 12345, id: 'ee'.repeat(32) }]);
  const answer = (message: string) => {
    const said = answerReconciliation(items, bytes(message), MOST);
    return said.ok ? bytesToHex(said.value) : said.error.code;
  };
  expect(answer('62aabbccddeeff')).toBe('61');
  expect(answer('6100000200')).toBe(`6100000201${'ee'.repeat(32)}`);
  expect(answer('50')).toBe('malformed');
  expect(answer('')).toBe('malformed');
  expect(continueReconciliation(items, bytes('62'), MOST)).toMatchObject({
    ok: false,
    error: { code: 'version' },
  });
});

describe('strangers', () => {
  const items = new ItemSet(deal(21, 2000).mine);
  const both = (message: Uint8Array) => [
    answerReconciliation(items, message, MOST),
    continueReconciliation(items, message, MOST),
  ];

  test.each([
    ['a number without an end', `61${'ff'.repeat(400)}`],
    ['a number with a leading nothing', '61800000'],
    ['more ids than there are bytes', '61000002ffffffffff7f'],
    ['an id list cut short', `61000002020${'0'.repeat(63)}`],
    ['a fingerprint cut short', '61000001aabb'],
    ['an id that is too long', `61053f${'00'.repeat(63)}00`],
    ['an unknown mode', '6100000300'],
    ['bounds out of order', '610501ff00010001000000'],
    ['a time beyond all numbers', `61${`${'ff'.repeat(6)}7f0000`.repeat(20)}`],
    ['an end that is none', '6100000000010000'],
  ])('%s', (name, message) => {
    for (const said of both(bytes(message.length % 2 ? `${message}0` : message)))
      if (name === 'an end that is none') expect(said.ok).toBe(true);
      else expect(said).toMatchObject({ ok: false, error: { code: 'malformed' } });
  });

  test('any bytes: an answer within its bounds or a value, never a throw', () => {
    const anything = fc.uint8Array({ maxLength: 3000 });
    const nearly = fc
      .tuple(fc.nat(), fc.nat({ max: 400 }), fc.integer({ min: 0, max: 255 }))
      .map(([seed, at, value]) => {
        const message = openReconciliation(new ItemSet(deal(seed, 40 + (seed % 900)).mine));
        message[1 + (at % (message.length - 1))] = value;
        return message;
      });
    const marked = anything.map((some) => Uint8Array.of(0x61, ...some));
    fc.assert(
      fc.property(fc.oneof(anything, nearly, marked), (message) => {
        const [answered, stepped] = [
          answerReconciliation(items, message, 4096),
          continueReconciliation(items, message, 4096),
        ];
        if (answered.ok) expect(answered.value.length).toBeLessThanOrEqual(4096);
        if (stepped.ok) expect(stepped.value.next?.length ?? 0).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 1500 },
    );
  });

  test('fingerprints that lie cost one answer of bounded length each', () => {
    const many = Array.from({ length: 3000 }, () => `0100${'01'}${'00'.repeat(16)}`).join('');
    const began = performance.now();
    for (const said of both(bytes(`61${many}`))) expect(said.ok).toBe(true);
    expect(performance.now() - began).toBeLessThan(1500);
  });
});

test('a hundred missing among a hundred thousand cost a small part of naming them all', () => {
  const { mine, theirs, onlyTheirs } = deal(31, 100_000, { one: 0, other: 0.001 });
  const { need, sizes } = reconcile({ mine, theirs });
  expect(need).toEqual([...onlyTheirs].sort());
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // All ids alone would be 3.2 MB.
  expect(total).toBeLessThan(200_000);
});
