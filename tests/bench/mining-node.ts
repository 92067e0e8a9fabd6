/** Our kernels in Node, without a pool around them. */
import { GridSearch } from '#client/mining/grid/grid-search.ts';
import { workParts } from '#client/mining/grid/work-parts.ts';
import type { Kernel, KernelName } from '#client/mining/kernels/kernel.ts';
import { ScriptKernel } from '#client/mining/kernels/script-kernel.ts';
import { WasmKernel } from '#client/mining/kernels/wasm-kernel.ts';
import { benchEvent, PLACE_BITS } from './mining-event.ts';
import { kernelBytes } from './mining-ground.ts';
import { median } from './mining-rows.ts';
import type { Contestant } from './mining-rows.ts';

/** Nobody gets there while the bench runs. */
const FAR_BITS = 60;
const BATCH = { simd: 400_000, scalar: 100_000, script: 20_000 };
const START = { lane: 0, position: 0 };

const moduleOf = (name: 'simd' | 'scalar') => new WebAssembly.Module(kernelBytes(name));
const modules = { simd: moduleOf('simd'), scalar: moduleOf('scalar') };
const open = (name: KernelName): Kernel =>
  name === 'script' ? new ScriptKernel() : new WasmKernel(name, modules[name]);
const partsAt = (created_at: number) => workParts({ ...benchEvent(0), created_at }, PLACE_BITS);

/** One kernel, in batches as a worker takes them. */
export const kernelContestant = (name: KernelName): Contestant => {
  const search = new GridSearch(open(name), partsAt(1_800_000_000), FAR_BITS, START);
  const rate = (ms: number): number => {
    let hashes = 0;
    const began = performance.now();
    while (performance.now() - began < ms) hashes += search.run(BATCH[name]).hashes;
    return (hashes / (performance.now() - began)) * 1000;
  };
  return { name, rate };
};

/** Median milliseconds to go on with another `created_at`, and to begin an event, each with the first 256 hashes. */
export const turningCosts = (times: number): { readonly renew: number; readonly begin: number } => {
  const kernel = open('simd');
  const search = new GridSearch(kernel, partsAt(1_800_000_000), FAR_BITS, START);
  const timed = (act: () => void): number => {
    const began = performance.now();
    act();
    return performance.now() - began;
  };
  const renews: number[] = [];
  const begins: number[] = [];
  for (let turn = 1; turn <= times; turn++) {
    const parts = partsAt(1_800_000_000 + turn);
    renews.push(
      timed(() => {
        search.renew(parts);
        search.run(256);
      }),
    );
    begins.push(timed(() => new GridSearch(kernel, parts, FAR_BITS, START).run(256)));
    search.renew(partsAt(1_800_000_000));
  }
  return { renew: median(renews), begin: median(begins) };
};
