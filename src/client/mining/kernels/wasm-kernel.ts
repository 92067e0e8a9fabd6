/** The kernels in WebAssembly (written in AssemblyScript, `../assembly`), behind the face of all kernels. */
import type { Kernel, KernelName, Sweep } from './kernel.ts';

const PAGE_BYTES = 65_536;
const WORD_BYTES = 4;

/** What `assembly/simd.ts` and `assembly/scalar.ts` export; all places are byte addresses. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  sweep(
    schedule: number,
    round: number,
    from: number,
    to: number,
    blocks: number,
    blocksEnd: number,
    mask: number,
  ): number;
}

export class WasmKernel implements Kernel {
  readonly name: KernelName;
  readonly #exports: KernelExports;

  /** Instantiates at once: for workers; on a page browsers allow that to small modules only (these are). */
  constructor(name: KernelName, module: WebAssembly.Module) {
    this.name = name;
    this.#exports = new WebAssembly.Instance(module).exports as unknown as KernelExports;
  }

  reserve(words: number): Int32Array {
    const { memory } = this.#exports;
    const missing = words * WORD_BYTES - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return new Int32Array(memory.buffer);
  }

  sweep({ schedule, round, from, to, blocks, blocksEnd, mask }: Sweep): number {
    const found = this.#exports.sweep(
      schedule * WORD_BYTES,
      round,
      from * WORD_BYTES,
      to * WORD_BYTES,
      blocks * WORD_BYTES,
      blocksEnd * WORD_BYTES,
      mask,
    );
    return found < 0 ? -1 : found / WORD_BYTES;
  }
}
