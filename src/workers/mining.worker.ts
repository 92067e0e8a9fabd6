/** A proof-of-work worker: tries nonces, tells what it finds. */
import { ScriptKernel } from '#client/mining/kernel.ts';
import { Lanes, soonByMessage } from '#client/mining/lanes.ts';
import type { ToMiningWorker } from '#client/mining/worker-messages.ts';

const lanes = new Lanes({
  makeKernel: () => new ScriptKernel(),
  post: (message) => postMessage(message),
  soon: soonByMessage(),
  clock: () => performance.now(),
});

addEventListener('message', ({ data }: MessageEvent<ToMiningWorker>) => lanes.hear(data));
