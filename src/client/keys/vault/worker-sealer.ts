/** The page's face of the secrets worker: started for a piece of work, ended after it, so that its memory goes too. */
import { releaseProxy, wrap } from 'comlink';
import type { Sealer } from './seal.ts';

/** A sealer in a worker of its own; `spawn` starts one whose script exposes `blockingSealer`. Rejects if it dies. */
export const workerSealer = (spawn: () => Worker): Sealer => {
  const once = <T>(ask: (sealer: Sealer) => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const worker = spawn();
      const remote = wrap<Sealer>(worker);
      worker.addEventListener('error', (event) =>
        reject(new Error(event.message || 'the secrets worker died')),
      );
      ask(remote as unknown as Sealer)
        .then(resolve, reject)
        .finally(() => {
          remote[releaseProxy]();
          worker.terminate();
        });
    });
  return {
    seal: (secret, passphrase) => once((sealer) => sealer.seal(secret, passphrase)),
    open: (ncryptsec, passphrase) => once((sealer) => sealer.open(ncryptsec, passphrase)),
  };
};
