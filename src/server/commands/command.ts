/** What the operator's commands share: settings in, sentences out, a signal to stop, an exit code. */
import { parseConfig } from '../config.ts';
import type { Config } from '../config.ts';

/** Ends the process with one sentence for people. */
export const stopWith = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

/** The settings; ends the process when one is malformed. */
export const readConfig = (): Config => {
  const config = parseConfig(process.env);
  return config.ok ? config.value : stopWith(config.error.message);
};

/** Aborted by Ctrl-C or a request to end. */
export const stopSignal = (): AbortSignal => {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
};

const TELL_EVERY_MS = 2000;

/** Says how far something is, now and then. */
export const teller = (say: (count: number) => string): ((count: number) => void) => {
  let told = Date.now();
  return (count) => {
    if (Date.now() - told < TELL_EVERY_MS) return;
    told = Date.now();
    console.log(say(count));
  };
};
