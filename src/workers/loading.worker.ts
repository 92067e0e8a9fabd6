/** Loading files: downloads, hashes, unsealing and what is kept of them, off the page. */
import * as Comlink from 'comlink';
import { browserLoadingPorts } from '#client/media/loading/browser-ports.ts';
import { LoadingHost } from '#client/media/loading/host.ts';
import { proxiedByCity } from '#client/media/loading/proxied.ts';
import type { BeginHash } from '#client/media/sealing/hashing.ts';

const makeHashWorker = () =>
  new Worker(new URL('./hashing.worker.ts', import.meta.url), { type: 'module', name: 'hashing' });

const openHashes = async (): Promise<BeginHash> => {
  // Where a worker cannot start another one, files are hashed here.
  if (typeof Worker === 'undefined') return (await import('#client/media/sealing/hashing.ts')).hashHere;
  return (await import('#client/media/sealing/hash-thread.ts')).hashInThreads(makeHashWorker);
};
let hashes: Promise<BeginHash> | undefined;

Comlink.expose(
  new LoadingHost(
    browserLoadingPorts({
      proxied: proxiedByCity(fetch),
      beginHash: async (size) => (await (hashes ??= openHashes()))(size),
    }),
  ),
);
