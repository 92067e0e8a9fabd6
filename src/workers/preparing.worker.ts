/** Makes files fit to leave: metadata off, upright, measured, small pictures; decoders are loaded when a file wants them. */
import { answerPreparing, prepare } from '#features/media/worker.ts';
import type { ToPreparing } from '#features/media/worker.ts';

const hear = answerPreparing(prepare, (message) => postMessage(message));
addEventListener('message', ({ data }: MessageEvent<ToPreparing>) => hear(data));
