/**
 * Miners side by side, in one run: ours, nostr-tools', notemine and a native one, in Node and in Chromium, at the same event; then
 * what a person feels of it: cancelling, starting, small work, frames.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { PLACE_BITS } from './mining-event.ts';
import { kernelBytes, notemineBytes, openGround } from './mining-ground.ts';
import type { MiningGround } from './mining-ground.ts';
import { openNative } from './mining-native.ts';
import type { NativeMiner } from './mining-native.ts';
import { kernelContestant, turningCosts } from './mining-node.ts';
import { minePowRate, notemineRate, openNotemine } from './mining-peers.ts';
import { interleave, median, rateRow, ratioRow } from './mining-rows.ts';
import type { Contestant, Rates } from './mining-rows.ts';
import { atMost, percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

const ROUNDS = 21;
const ROUND_MS = 300;
const SCALING_ROUNDS = 11;
const CANCELS = 40;
const STARTS = 30;
const SMALL_WORKS = 60;
const FRAMES_MS = 4000;
const KERNEL_BYTES = 10_000;
const PLACE_SECONDS = 30;
const SCALING = 1.8;
/** Above this share of work by others, a machine is not quiet. */
const QUIET = 0.1;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const versionOf = (name: string): string =>
  `${name} ${(JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version}`;

/** Busy share (0–1) of all cores, with nothing of ours running. */
const othersBusy = async (): Promise<number> => {
  const read = () =>
    cpus().reduce(
      (sum, { times }) => ({
        idle: sum.idle + times.idle,
        all: sum.all + times.idle + times.user + times.nice + times.sys + times.irq,
      }),
      { idle: 0, all: 0 },
    );
  const before = read();
  await wait(1000);
  const after = read();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
};

const contestantsOf = (ground: MiningGround, native: NativeMiner | string): Contestant[] => [
  kernelContestant('simd'),
  { name: 'minePow', rate: minePowRate },
  { name: 'notemine', rate: notemineRate },
  ...(typeof native === 'string' ? [] : [{ name: 'native', rate: (ms: number) => native.rate(ms, 1) }]),
  kernelContestant('scalar'),
  kernelContestant('script'),
  { name: 'page', rate: (ms) => ground.call('rate', 1, ms) },
  { name: 'page minePow', rate: (ms) => ground.call('peer', 'minePow', ms) },
  { name: 'page notemine', rate: (ms) => ground.call('peer', 'notemine', ms) },
];

const nodeRows = (rates: Rates, native: NativeMiner | string): BenchRow[] => [
  ratioRow(rates, 'Node, one thread', ['simd', 'minePow'], `${versionOf('nostr-tools')} minePow`, 150),
  ratioRow(rates, 'Node, one thread', ['simd', 'notemine'], versionOf('notemine'), 35),
  typeof native === 'string'
    ? { ...rateRow(rates, 'simd', 'Node, one thread'), peer: `native C: ${native}, not counted` }
    : ratioRow(rates, 'Node, one thread', ['simd', 'native'], `native C, SHA-NI (${native.version})`, 0.5),
  rateRow(rates, 'scalar', 'Node, WebAssembly without SIMD'),
  rateRow(rates, 'script', 'Node, JavaScript'),
];

const pageRows = (rates: Rates, version: string): BenchRow[] => {
  const row = `${version}, one worker`;
  const seconds = 2 ** PLACE_BITS / median(rates.get('page') ?? []);
  return [
    ratioRow(rates, row, ['page', 'page minePow'], `${versionOf('nostr-tools')} minePow`, 200),
    ratioRow(rates, row, ['page', 'page notemine'], versionOf('notemine'), 35),
    atMost(`${PLACE_BITS} bits on one worker, expected`, seconds, 's', PLACE_SECONDS, 0),
  ];
};

/** Two workers against one, each against what the machine itself gives to two processes. */
const scalingRow = async (ground: MiningGround, native: NativeMiner | string): Promise<BenchRow> => {
  const busy = await othersBusy();
  const rates = await interleave(
    [
      { name: 'one', rate: (ms) => ground.call('rate', 1, ms) },
      { name: 'two', rate: (ms) => ground.call('rate', 2, ms) },
      ...(typeof native === 'string'
        ? []
        : [1, 2].map((count) => ({ name: `native ${count}`, rate: (ms: number) => native.rate(ms, count) }))),
    ],
    SCALING_ROUNDS,
    2 * ROUND_MS,
  );
  const isQuiet = busy <= QUIET && cpus().length >= 2;
  const ceiling = median(rates.get('native 2') ?? []) / median(rates.get('native 1') ?? []);
  const note = isQuiet
    ? ''
    : `; not judged: ${cpus().length} cores, ${Math.round(busy * 100)} % busy with others`;
  const row = ratioRow(rates, `two workers${note}`, ['two', 'one'], 'one worker', SCALING);
  const peer = ceiling ? `${row.peer}; two native miners ${ceiling.toFixed(2)}×` : row.peer;
  return { ...row, ...(peer ? { peer } : {}), ok: row.ok || !isQuiet };
};

const feelRows = async (ground: MiningGround): Promise<BenchRow[]> => {
  const { half } = ground;
  const cancels = await ground.call('cancels', CANCELS, 2);
  const cold = await ground.call('coldStarts', STARTS, half);
  const warm = await ground.call('warmStarts', STARTS, half);
  const small = await ground.call('smallWorks', SMALL_WORKS, half);
  const p95 = (values: readonly number[]) => percentile(values, 0.95);
  return [
    atMost(
      'cancel until the promise is settled, p95',
      p95(cancels.map((each) => each.settled)),
      'ms',
      100,
      0,
    ),
    atMost('cancel until two workers are quiet, p95', p95(cancels.map((each) => each.quiet)), 'ms', 100, 0),
    atMost('first hashes, warm worker, p95', p95(warm), 'ms', 50, 0),
    atMost('first hashes, new worker and kernel, p95', p95(cold), 'ms', 250, 0),
    atMost('12 bits, warm, median', median(small), 'ms', 20, 0),
    { row: '12 bits, warm, p95', value: p95(small), unit: 'ms', ok: true },
  ];
};

const frameRows = async (ground: MiningGround): Promise<BenchRow[]> => {
  const idle = await ground.call('frames', FRAMES_MS);
  const mining = await ground.call('framesWhileMining', FRAMES_MS);
  const peer = `not mining, ${percentile(idle, 0.95).toFixed(1)} ms`;
  return [
    { ...atMost('frames while half the cores mine, p95', percentile(mining, 0.95), 'ms', 20, 0), peer },
  ];
};

const kernelRows = (): BenchRow[] => {
  const { renew, begin } = turningCosts(200);
  return [
    atMost('kernel with SIMD', kernelBytes('simd').length, 'bytes', KERNEL_BYTES, 0),
    atMost('kernel without', kernelBytes('scalar').length, 'bytes', KERNEL_BYTES, 0),
    { row: 'a newer created_at and 256 hashes, median', value: renew, unit: 'ms', ok: true },
    { row: 'a new event and 256 hashes, median', value: begin, unit: 'ms', ok: true },
  ];
};

/** Rates are medians of rounds in which everybody ran for the same time, right after each other. */
export const run = async ({ chromium }: BenchContext): Promise<BenchRow[]> => {
  openNotemine(notemineBytes());
  const native = await openNative();
  const ground = await openGround(chromium);
  try {
    const rates = await interleave(contestantsOf(ground, native), ROUNDS, ROUND_MS);
    return [
      ...nodeRows(rates, native),
      ...pageRows(rates, ground.version),
      await scalingRow(ground, native),
      ...(await feelRows(ground)),
      ...(await frameRows(ground)),
      ...kernelRows(),
    ];
  } finally {
    await ground.end();
    if (typeof native !== 'string') native.end();
  }
};
