/** Which kernel this browser gets: compiled once by the page, opened by every worker. */
import type { Kernel, KernelName } from './kernel.ts';
import { ScriptKernel } from './script-kernel.ts';
import { WasmKernel } from './wasm-kernel.ts';

/** A kernel as it travels to a worker; without a module, the one in JavaScript. */
export interface KernelSource {
  readonly name: KernelName;
  readonly module?: WebAssembly.Module;
}

/** Where the compiled kernels lie. */
export type KernelUrls = Readonly<Record<'simd' | 'scalar', string>>;

/** `(module (func (drop (v128.const 0…))))`: valid only where SIMD is. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 0xfd, 12],
  ...new Array<number>(16).fill(0),
  ...[0x1a, 0x0b],
);

/** The best kernel that this browser can run at all. */
export const bestKernel = (): KernelName => {
  if (typeof WebAssembly === 'undefined') return 'script';
  return WebAssembly.validate(SIMD_PROBE) ? 'simd' : 'scalar';
};

/** Fetches and compiles the best kernel; the one in JavaScript where that fails, so that mining never waits for a file. */
export const loadKernel = async (urls: KernelUrls, fetching: typeof fetch = fetch): Promise<KernelSource> => {
  const name = bestKernel();
  if (name === 'script') return { name };
  try {
    const answer = await fetching(urls[name]);
    if (!answer.ok) throw new Error(`${urls[name]} answers ${answer.status}`);
    return { name, module: await WebAssembly.compile(await answer.arrayBuffer()) };
  } catch (cause) {
    console.warn('The fast mining kernel could not be loaded; a slower one works instead.', cause);
    return { name: 'script' };
  }
};

/** A kernel with memory of its own. */
export const openKernel = ({ name, module }: KernelSource): Kernel =>
  module ? new WasmKernel(name, module) : new ScriptKernel();
