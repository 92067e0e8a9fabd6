/** The desk's thread as the page has it: handed the key once, which is taken back by ending it. */
import * as Comlink from 'comlink';
import type { Signer } from '../../keys/signer.ts';
import type { LetterDesk } from './desk.ts';

/** What crosses between page and worker. */
export interface DeskRemote extends LetterDesk {
  /** Takes the key; rejects where WASM cannot be had. */
  take(secret: Uint8Array): Promise<void>;
}

export interface DeskPorts {
  /** Starts the worker; throws where there are none. */
  readonly spawn: () => Worker;
  /** What does the work where the thread cannot be had; made when it is needed. */
  readonly here: (signer: Signer) => LetterDesk;
}

/** The worker with the key; undefined where the key is not on this device. Rejects where it cannot be started. */
const begin = async (signer: Signer, spawn: () => Worker): Promise<LetterDesk | undefined> => {
  if (!signer.lend) return undefined;
  const worker = spawn();
  const remote = Comlink.wrap<DeskRemote>(worker);
  let end: () => void = () => undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    end = () => {
      worker.terminate();
      reject(new Error('the thread of letters has ended'));
    };
  });
  ended.catch(() => undefined);
  worker.addEventListener('error', end);
  let ready: Promise<void> | undefined;
  signer.lend((secret) => {
    ready = remote.take(Comlink.transfer(secret, [secret.buffer]));
    return end;
  });
  await Promise.race([ready, ended]);
  return {
    open: (wraps) => Promise.race([remote.open(wraps), ended]),
    wrap: (rumor, people, wish) => Promise.race([remote.wrap(rumor, people, wish), ended]),
  };
};

/** Begun with the first letter. Where the thread cannot be had, or breaks, the work is done here, slower. */
export const threadDesk = (signer: Signer, { spawn, here }: DeskPorts): LetterDesk => {
  let local: LetterDesk | undefined;
  let thread: Promise<LetterDesk | undefined> | undefined;
  const using = async <T>(work: (desk: LetterDesk) => Promise<T>): Promise<T> => {
    thread ??= begin(signer, spawn).catch(() => undefined);
    const desk = await thread;
    if (!desk) return work((local ??= here(signer)));
    try {
      return await work(desk);
    } catch {
      thread = Promise.resolve(undefined);
      return work((local ??= here(signer)));
    }
  };
  return {
    open: (wraps) => using((desk) => desk.open(wraps)),
    wrap: (rumor, people, wish) => using((desk) => desk.wrap(rumor, people, wish)),
  };
};
