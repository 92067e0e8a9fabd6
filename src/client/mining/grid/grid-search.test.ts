import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { getPow } from 'nostr-tools/nip13';
import { expect, test } from 'vitest';
import type { UnsignedEvent } from '#protocol/event.ts';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import type { Kernel, KernelName } from '../kernels/kernel.ts';
import { ScriptKernel } from '../kernels/script-kernel.ts';
import { WasmKernel } from '../kernels/wasm-kernel.ts';
import { GridSearch, LANE_SIZE } from './grid-search.ts';
import { LANE_COUNT } from './nonce-layout.ts';
import { workParts } from './work-parts.ts';

const moduleOf = (name: string) =>
  new WebAssembly.Module(readFileSync(`src/client/mining/kernels/generated/${name}.wasm`));
const modules = { simd: moduleOf('simd'), scalar: moduleOf('scalar') };
const kernels: Readonly<Record<KernelName, () => Kernel>> = {
  simd: () => new WasmKernel('simd', modules.simd),
  scalar: () => new WasmKernel('scalar', modules.scalar),
  script: () => new ScriptKernel(),
};
const each = Object.entries(kernels);

const GRID = 64 ** 2 * 256;
const plain = (content: string, tags: string[][] = []): UnsignedEvent => ({
  kind: 1,
  tags,
  content,
  created_at: 1_800_000_000,
  pubkey: 'ef'.repeat(32),
});
const anyEvent: fc.Arbitrary<UnsignedEvent> = fc.record({
  kind: fc.integer({ min: 0, max: 65535 }),
  tags: fc.array(fc.array(anyText, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
  content: fc.oneof(
    anyText,
    fc.nat(400).map((length) => 'é'.repeat(length)),
  ),
  created_at: fc.integer({ min: 0, max: 4_000_000_000 }),
  pubkey: fc.constant('cd'.repeat(32)),
});
const open = (kernel: Kernel, event: UnsignedEvent, bits: number, lane = 0, position = 0) =>
  new GridSearch(kernel, workParts(event, bits), bits, { lane, position });

/** Leading zero bits of every nonce's hash from a position on, by hashing each event whole. */
function* bruteForce(search: GridSearch, event: UnsignedEvent, bits: number, from: number, count: number) {
  const { prefix, suffix } = workParts(event, bits);
  const length = search.nonceAt(from).length;
  const bytes = Buffer.concat([prefix, Buffer.alloc(length), suffix]);
  for (let at = from; at < from + count; at++) {
    const nonce = search.nonceAt(at % LANE_SIZE);
    bytes.write(nonce, prefix.length);
    yield { nonce, zeros: getPow(Buffer.from(sha256(bytes)).toString('hex')) };
  }
}

/** What a search should tell: of finds in one quad of four only the first. */
const expected = (search: GridSearch, event: UnsignedEvent, bits: number, from: number, count: number) => {
  const nonces: string[] = [];
  let at = 0;
  let lastQuad = -1;
  for (const { nonce, zeros } of bruteForce(search, event, bits, from, count)) {
    const quad = at++ >> 2;
    if (zeros < bits || quad === lastQuad) continue;
    lastQuad = quad;
    nonces.push(nonce);
  }
  return nonces;
};

const findAll = (search: GridSearch, count: number): string[] => {
  const nonces: string[] = [];
  let hashes = 0;
  while (hashes < count) {
    const batch = search.run(count - hashes);
    hashes += batch.hashes;
    if (batch.nonce !== undefined) nonces.push(batch.nonce);
  }
  expect(hashes).toBe(count);
  return nonces;
};

test('all kernels find what brute force finds, in a thousand events of any sort', () => {
  const opened = each.map(([, make]) => make());
  fc.assert(
    fc.property(
      anyEvent,
      fc.integer({ min: 1, max: 8 }),
      fc.nat(LANE_COUNT - 1),
      fc.nat(5_000_000),
      (event, bits, lane, quad) => {
        const searches = opened.map((kernel) => open(kernel, event, bits, lane, quad * 4));
        const [first] = searches as [GridSearch];
        const wanted = expected(first, event, bits, quad * 4, 64);
        for (const search of searches) expect(findAll(search, 64)).toEqual(wanted);
      },
    ),
    { numRuns: 1000 },
  );
}, 120_000);

test.each([
  ['nothing behind the nonce', plain(''), GRID],
  ['a block behind it', plain('é'.repeat(20)), GRID / 8],
])(
  'all kernels find the same in a whole grid with %s',
  (_name, event, count) => {
    const bits = 10;
    const searches = each.map(([, make]) => open(make(), event, bits, 77));
    const wanted = expected(searches[0] as GridSearch, event, bits, 0, count);
    expect(wanted.length).toBeGreaterThan(count / 2000);
    for (const search of searches) expect(findAll(search, count)).toEqual(wanted);
  },
  120_000,
);

test.each(each)('%s: every length around a block is right', (_name, make) => {
  const kernel = make();
  for (let length = 0; length < 140; length++) {
    const event = plain('é'.repeat(length % 70), [['t', 'x'.repeat(length)]]);
    const search = open(kernel, event, 4);
    expect(findAll(search, 32)).toEqual(expected(search, event, 4, 0, 32));
  }
});

test.each(each)('%s: goes on over the borders of schedules, grids and the lane’s end', (_name, make) => {
  for (const border of [256, GRID, LANE_SIZE]) {
    const event = plain('border');
    const search = open(make(), event, 3, 5, border - 16);
    const batches = [search.run(8), search.run(8), search.run(8)];
    expect(batches.every(({ hashes }) => hashes <= 8)).toBe(true);
    const again = open(make(), event, 3, 5, border - 16);
    expect(findAll(again, 64)).toEqual(expected(again, event, 3, border - 16, 64));
    expect(again.position).toBe((border + 48) % LANE_SIZE);
  }
});

test.each(each)('%s: a newer created_at of the same length keeps finding', (_name, make) => {
  const event = plain('');
  const search = open(make(), event, 6, 9);
  search.run(1024);
  for (const newer of [
    { ...event, created_at: event.created_at + 60 },
    { ...event, created_at: 999 },
    plain('other words behind the nonce'),
  ]) {
    search.renew(workParts(newer, 6));
    const from = search.position;
    expect(findAll(search, 512)).toEqual(expected(search, newer, 6, from, 512));
  }
});

test.each(each)(
  '%s: more than 32 bits are not taken for found when the first word is zero',
  (_name, make) => {
    // A kernel sees the hash's first word only; this mask lets every quad through.
    const lax = make();
    const kernel: Kernel = {
      name: lax.name,
      reserve: (words) => lax.reserve(words),
      sweep: (sweep) => lax.sweep({ ...sweep, mask: 0 }),
    };
    const event = plain('');
    const search = open(kernel, event, 9);
    expect(findAll(search, 2048)).toEqual(expected(search, event, 9, 0, 2048));
  },
);

test('lanes never share a nonce, and no lane repeats one', () => {
  const event = plain('');
  const seen = new Set<string>();
  for (const lane of [0, 1, 63, 64, LANE_COUNT - 1]) {
    const search = open(new ScriptKernel(), event, 8, lane);
    for (const from of [0, 250, GRID - 8, GRID, LANE_SIZE - 16])
      for (let at = from; at < from + 16; at++) seen.add(search.nonceAt(at));
  }
  // 0–16, 250–266 and the last and first of two grids do not overlap: 5 lanes × 5 × 16.
  expect(seen.size).toBe(5 * (16 * 5 - 8));
});

test('a nonce is written into JSON as it is', () => {
  const search = open(new ScriptKernel(), plain(''), 8, LANE_COUNT - 1);
  for (let at = 0; at < LANE_SIZE; at += LANE_SIZE / 512)
    expect(JSON.stringify(search.nonceAt(at)).slice(1, -1)).toBe(search.nonceAt(at));
});
