/** The page's side of the mining bench: a pool over real workers, and other people's miners in theirs. */
import type { UnsignedEvent } from '#protocol/event.ts';
import { loadKernel } from '#client/mining/kernels/kernel-source.ts';
import { defaultWorkers, MinerPool } from '#client/mining/miner-pool.ts';
import { miningWorkerOf } from '#client/mining/worker-messages.ts';
import type { FromMiningWorker } from '#client/mining/worker-messages.ts';
import { benchEvent } from './mining-event.ts';
import type { PeerName, PeerOrder } from './mining-peers.worker.ts';

/** Nobody gets there while the bench runs. */
const FAR_BITS = 40;
const SMALL_BITS = 12;
/** Batches find their size in this time. */
const WARM_UP_MS = 200;
const URLS = { simd: '/simd.wasm', scalar: '/scalar.wasm' };

interface Tried {
  readonly worker: Worker;
  readonly at: number;
  readonly hashes: number;
}

/** From the first report to the last: what the first one tells was done before. */
const rateOf = (reports: readonly Tried[]): number => {
  const [first] = reports;
  const last = reports.at(-1);
  if (!first || !last || first === last) return Number.NaN;
  const hashes = reports.reduce((sum, each) => sum + each.hashes, -first.hashes);
  return (hashes / (last.at - first.at)) * 1000;
};

let variant = 0;
const nextEvent = (): UnsignedEvent => benchEvent(++variant);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A pool whose workers' reports are noted as they come in. */
class WatchedPool {
  readonly tried: Tried[] = [];
  readonly #pool: MinerPool;
  #onTried: () => void = () => undefined;

  constructor(workers: number) {
    this.#pool = new MinerPool({
      spawn: () => this.#spawn(),
      kernel: () => loadKernel(URLS),
      workers: () => workers,
      idleMs: 600_000,
    });
  }

  #spawn() {
    const worker = new Worker('/mining.worker.js', { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<FromMiningWorker>) => {
      if (data.type !== 'tried') return;
      this.tried.push({ worker, at: performance.now(), hashes: data.hashes });
      this.#onTried();
    });
    return miningWorkerOf(worker);
  }

  /** Begins work that has no end but `stop`, which says how long (ms) its promise took to settle. */
  begin(): { readonly stop: () => Promise<number> } {
    this.tried.length = 0;
    const control = new AbortController();
    const mining = this.#pool.mine(nextEvent(), FAR_BITS, { signal: control.signal });
    const stop = async () => {
      const began = performance.now();
      control.abort();
      const mined = await mining;
      if (mined.ok) throw new Error('the bench found 40 bits');
      return performance.now() - began;
    };
    return { stop };
  }

  /** Hashes a second of all workers, each from one of its reports to another. */
  async rate(ms: number): Promise<number> {
    const { stop } = this.begin();
    await wait(WARM_UP_MS);
    const from = performance.now();
    await wait(ms);
    await stop();
    const counted = this.tried.filter(({ at }) => at > from);
    return [...new Set(counted.map(({ worker }) => worker))]
      .map((worker) => rateOf(counted.filter((each) => each.worker === worker)))
      .reduce((sum, rate) => sum + rate, 0);
  }

  /** Milliseconds until a worker tells of its first hashes. */
  async firstHash(): Promise<number> {
    const began = performance.now();
    const first = new Promise<void>((resolve) => (this.#onTried = resolve));
    const { stop } = this.begin();
    await first;
    const took = performance.now() - began;
    await stop();
    return took;
  }

  /** Milliseconds of small work, from the call to the event. */
  async smallWork(): Promise<number> {
    const began = performance.now();
    const mined = await this.#pool.mine(nextEvent(), SMALL_BITS);
    if (!mined.ok) throw new Error(mined.error.message);
    return performance.now() - began;
  }

  dispose(): void {
    this.#pool.dispose();
  }
}

const pools = new Map<number, WatchedPool>();
const poolOf = (workers: number): WatchedPool => {
  const pool = pools.get(workers) ?? new WatchedPool(workers);
  pools.set(workers, pool);
  return pool;
};

const repeat = async <T>(times: number, act: (turn: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let turn = 0; turn < times; turn++) results.push(await act(turn));
  return results;
};

let peers: Worker | undefined;
const peer = (order: PeerOrder): Promise<number> => {
  const worker = (peers ??= new Worker('/mining-peers.worker.js', { type: 'module' }));
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(order);
  });
};

const cancelOnce = async (workers: number, turn: number) => {
  const pool = poolOf(workers);
  const { stop } = pool.begin();
  await wait(80 + ((turn * 37) % 60)); // anywhere within a batch
  const aborted = performance.now();
  const settled = await stop();
  await wait(200);
  return { settled, quiet: Math.max(0, (pool.tried.at(-1)?.at ?? aborted) - aborted) };
};

const coldStart = async (workers: number): Promise<number> => {
  const pool = new WatchedPool(workers);
  const took = await pool.firstHash();
  pool.dispose();
  await wait(50);
  return took;
};

const warmStart = async (workers: number): Promise<number> => {
  const took = await poolOf(workers).firstHash();
  await wait(100);
  return took;
};

/** Intervals (ms) between frames, for so long, while something moves. */
const frames = (ms: number): Promise<number[]> =>
  new Promise((resolve) => {
    const intervals: number[] = [];
    const began = performance.now();
    let last: number | undefined;
    const tick = (now: number) => {
      if (last !== undefined) intervals.push(now - last);
      last = now;
      const mover = document.querySelector<HTMLElement>('#mover');
      if (mover) mover.style.transform = `translateX(${Math.round(now / 4) % 600}px)`;
      if (now - began < ms) requestAnimationFrame(tick);
      else resolve(intervals);
    };
    requestAnimationFrame(tick);
  });

const framesWhileMining = async (ms: number): Promise<number[]> => {
  const { stop } = poolOf(defaultWorkers()).begin();
  await wait(300);
  const intervals = await frames(ms);
  await stop();
  return intervals;
};

const page = {
  half: defaultWorkers(),
  rate: (workers: number, ms: number) => poolOf(workers).rate(ms),
  peer: (name: PeerName, ms: number) => peer({ peer: name, ms }),
  cancels: (times: number, workers: number) => repeat(times, (turn) => cancelOnce(workers, turn)),
  coldStarts: (times: number, workers: number) => repeat(times, () => coldStart(workers)),
  warmStarts: (times: number, workers: number) => repeat(times, () => warmStart(workers)),
  smallWorks: (times: number, workers: number) => repeat(times, () => poolOf(workers).smallWork()),
  frames,
  framesWhileMining,
};

export type MiningPage = typeof page;
Object.assign(globalThis, { miningPage: page });
