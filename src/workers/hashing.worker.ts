/** A file's hash beside the worker that seals and sends it. */
import { serveHash } from '#client/media/sealing/hash-thread.ts';

serveHash({
  postMessage: (message, transfer) => self.postMessage(message, { transfer }),
  addEventListener: (type, heard) => self.addEventListener(type, heard),
});
