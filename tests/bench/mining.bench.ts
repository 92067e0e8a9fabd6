/**
 * Miners side by side, in one run: ours, nostr-tools', notemine and a native one, in Node and in Chromium, at the same event; then
 * what a person feels of it: cancelling, starting, small work, frames.
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { PLACE_BITS } from './mining-event.ts';
import { kernelBytes, notemineBytes, openGround } from './mining-ground.ts';
import type { MiningGround } from './mining-ground.ts';
import { openNative } from './mining-native.ts';
import type { NativeMiner } from './mining-native.ts';
import { kernelContestant, turningCosts } from './mining-node.ts';
import { minePowRate, notemineRate, openNotemine } from './mining-peers.ts';
import { median, of, race as runRace, rateRow, ratioRow } from './mining-rows.ts';
import type { Contestant, Race } from './mining-rows.ts';
import { atMost, percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

const ROUNDS = 15;
const ROUND_MS = 300;
const SCALING_ROUNDS = 9;
const CANCELS = 40;
const STARTS = 30;
const SMALL_WORKS = 60;
const FRAMES_MS = 4000;
const KERNEL_BYTES = 10_000;
const PLACE_SECONDS = 30;
const SCALING = 1.8;

const versionOf = (name: string): string =>
  `${name} ${(JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version}`;

const nativeContestant = (native: NativeMiner | string, threads: number): Contestant[] =>
  typeof native === 'string'
    ? []
    : [{ name: `native ${threads}`, threads, rate: (ms) => native.rate(ms, threads) }];

const contestantsOf = (ground: MiningGround, native: NativeMiner | string): Contestant[] => [
  kernelContestant('simd'),
  { name: 'minePow', rate: minePowRate },
  { name: 'notemine', rate: notemineRate },
  ...nativeContestant(native, 1),
  kernelContestant('scalar'),
  kernelContestant('script'),
  { name: 'page', rate: (ms) => ground.call('rate', 1, ms) },
  { name: 'page minePow', rate: (ms) => ground.call('peer', 'minePow', ms) },
  { name: 'page notemine', rate: (ms) => ground.call('peer', 'notemine', ms) },
];

const nodeRows = (race: Race, native: NativeMiner | string): BenchRow[] => [
  ratioRow(race, 'Node, one thread', ['simd', 'minePow'], `${versionOf('nostr-tools')} minePow`, 150),
  ratioRow(race, 'Node, one thread', ['simd', 'notemine'], versionOf('notemine'), 35),
  typeof native === 'string'
    ? { ...rateRow(race, 'simd', 'Node, one thread'), peer: `native C: ${native}, not counted` }
    : ratioRow(race, 'Node, one thread', ['simd', 'native 1'], `native C, SHA-NI (${native.version})`, 0.5),
  rateRow(race, 'scalar', 'Node, WebAssembly without SIMD'),
  rateRow(race, 'script', 'Node, JavaScript'),
];

const pageRows = (race: Race, version: string): BenchRow[] => {
  const row = `${version}, one worker`;
  const seconds = 2 ** PLACE_BITS / median(of(race, 'page'));
  return [
    ratioRow(race, row, ['page', 'page minePow'], `${versionOf('nostr-tools')} minePow`, 200),
    ratioRow(race, row, ['page', 'page notemine'], versionOf('notemine'), 35),
    atMost(`${PLACE_BITS} bits on one worker, expected`, seconds, 's', PLACE_SECONDS, 0),
  ];
};

/** Two workers against one, beside what the machine itself gives to two native processes. */
const scalingRow = async (ground: MiningGround, native: NativeMiner | string): Promise<BenchRow> => {
  const race = await runRace(
    [
      { name: 'one', rate: (ms) => ground.call('rate', 1, ms) },
      { name: 'two', threads: 2, rate: (ms) => ground.call('rate', 2, ms) },
      ...nativeContestant(native, 1),
      ...nativeContestant(native, 2),
    ],
    SCALING_ROUNDS,
    2 * ROUND_MS,
  );
  const isFair = cpus().length >= 2 && race.calm >= SCALING_ROUNDS / 2;
  const note = isFair ? '' : `, not judged: ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`;
  const row = ratioRow(race, `two workers${note}`, ['two', 'one'], 'one worker', SCALING);
  const ceiling = median(of(race, 'native 2')) / median(of(race, 'native 1'));
  const peer = ceiling ? `${row.peer}; two native miners ${ceiling.toFixed(2)}×` : `${row.peer}`;
  return { ...row, peer, ok: row.ok || !isFair };
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
    const race = await runRace(contestantsOf(ground, native), ROUNDS, ROUND_MS);
    return [
      { row: 'rounds with nobody else at work', value: race.calm, unit: `of ${race.rounds}`, ok: true },
      ...nodeRows(race, native),
      ...pageRows(race, ground.version),
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
