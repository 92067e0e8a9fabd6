/** Sending what lies here once, within a time: what a service worker does while no page is open. */
import { Sender } from './sender.ts';
import type { SenderPorts } from './sender.ts';

export interface WaitingPorts extends Omit<SenderPorts, 'rested' | 'sign' | 'onsent'> {
  /** Milliseconds; what is not done by then is left to the next time. */
  readonly patience: number;
}

/** `idle`: there was nothing; `done`: all of it is sent, or waits for a hand; `waiting`: some of it is left. */
export type SentWaiting = 'idle' | 'done' | 'waiting';

/** Sends what waits; never the same file as a page. */
export const sendWaiting = async (ports: WaitingPorts): Promise<SentWaiting> => {
  if (!(await isWaiting(ports))) return 'idle';
  return new Promise((resolve) => {
    const end = (result: SentWaiting): void => {
      clearTimeout(timer);
      sender.stop();
      resolve(result);
    };
    const look = async (): Promise<void> => end((await isWaiting(ports)) ? 'waiting' : 'done');
    const timer = setTimeout(() => end('waiting'), ports.patience);
    const sender = new Sender({
      ...ports,
      onsent: () => undefined,
      rested: () => void look().catch(() => end('waiting')),
    });
  });
};

const isWaiting = async ({ files }: WaitingPorts): Promise<boolean> =>
  (await files.list()).some(
    ({ manifest, progress }) => manifest.stage === 'ready' && progress.state === 'waiting',
  );
