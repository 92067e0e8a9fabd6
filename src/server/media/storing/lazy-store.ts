/** A store that is opened when it is first needed: what it takes to speak with it is not loaded before. */
import type { BlobStore } from './blob-store.ts';

/** Opens once, at the first question. */
export const lazyStore = (open: () => Promise<BlobStore>): BlobStore => {
  let opening: Promise<BlobStore> | undefined;
  const store = (): Promise<BlobStore> => (opening ??= open());
  return {
    put: async (hash, file) => (await store()).put(hash, file),
    has: async (hash) => (await store()).has(hash),
    open: async (hash, range) => (await store()).open(hash, range),
    remove: async (hash) => (await store()).remove(hash),
    close: () => void opening?.then((opened) => opened.close()),
  };
};
