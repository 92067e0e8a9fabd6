/** A proof-of-work worker: tries nonces, tells what it finds. */
import { GridSearch } from '#client/mining/grid/grid-search.ts';
import { openKernel } from '#client/mining/kernels/kernel-source.ts';
import type { KernelSource } from '#client/mining/kernels/kernel-source.ts';
import { soonByMessage, WorkLoop } from '#client/mining/work-loop.ts';
import type { ToMiningWorker } from '#client/mining/worker-messages.ts';

let kernel: KernelSource = { name: 'script' };

const loop = new WorkLoop({
  makeSearch: (order) => new GridSearch(openKernel(kernel), order, order.bits, order),
  post: (message) => postMessage(message),
  soon: soonByMessage(),
  clock: () => performance.now(),
});

addEventListener('message', ({ data }: MessageEvent<ToMiningWorker>) => {
  if (data.type === 'equip') kernel = data.kernel;
  else loop.hear(data);
});
