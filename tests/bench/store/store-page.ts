/** The page's side of the store bench: starts workers by name and asks them. */
import * as Comlink from 'comlink';

type Asked = Record<string, (...given: readonly unknown[]) => Promise<unknown>>;

const workers = new Map<string, { readonly worker: Worker; readonly remote: Asked }>();

const page = {
  /** A worker of this script, under this name. */
  start: (name: string, script: string): void => {
    const worker = new Worker(`/${script}.worker.js`, { type: 'module', name });
    worker.addEventListener('error', ({ message }) => console.error(`${name}: ${message}`));
    workers.set(name, { worker, remote: Comlink.wrap(worker) as unknown as Asked });
  },
  /** Calls one of its functions. */
  ask: (name: string, task: string, ...given: readonly unknown[]): Promise<unknown> => {
    const asked = workers.get(name)?.remote[task];
    if (!asked) throw new Error(`no worker ${name}`);
    return asked(...given);
  },
  stop: (name: string): void => {
    workers.get(name)?.worker.terminate();
    workers.delete(name);
  },
};

export type StorePage = typeof page;
Object.assign(globalThis, { storePage: page });
