/** Runs in a page of the city: the app's own pool over the workers and kernels that it was built with. */
import type { UnsignedEvent } from '#protocol/event.ts';
import type { KernelName } from '#client/mining/kernels/kernel.ts';
import { loadKernel } from '#client/mining/kernels/kernel-source.ts';
import type { KernelSource, KernelUrls } from '#client/mining/kernels/kernel-source.ts';
import { MinerPool } from '#client/mining/miner-pool.ts';
import { miningWorkerOf } from '#client/mining/worker-messages.ts';

/** Where the built parts lie. */
export interface BuiltMining {
  readonly worker: string;
  readonly kernels: KernelUrls;
}

export interface MiningOrder {
  readonly built: BuiltMining;
  readonly event: UnsignedEvent;
  readonly bits: number;
  readonly kernel: KernelName;
}

const open = async (name: KernelName, kernels: KernelUrls): Promise<KernelSource> => {
  if (name === 'script') return { name };
  if (name === 'scalar') return { name, module: await WebAssembly.compileStreaming(fetch(kernels.scalar)) };
  const best = await loadKernel(kernels);
  if (best.name !== name) throw new Error(`this browser takes ${best.name}, not ${name}`);
  return best;
};

/** Mines with all cores. */
const mine = async ({ built, event, bits, kernel }: MiningOrder): Promise<UnsignedEvent> => {
  const pool = new MinerPool({
    spawn: () => miningWorkerOf(new Worker(built.worker, { type: 'module' })),
    kernel: () => open(kernel, built.kernels),
    workers: () => navigator.hardwareConcurrency,
  });
  const mined = await pool.mine(event, bits);
  pool.dispose();
  if (!mined.ok) throw new Error(mined.error.message);
  return mined.value;
};

/** Whether the page's rules let text become a program; asked later, when the one who asks from outside has no say any more. */
const makesPrograms = (): Promise<boolean> =>
  new Promise((resolve) => {
    setTimeout(() => {
      try {
        resolve(new Function('return true')() as boolean);
      } catch {
        resolve(false);
      }
    });
  });

const page = { mine, makesPrograms };
export type MinedEventsPage = typeof page;
Object.assign(globalThis, { minedEvents: page });
