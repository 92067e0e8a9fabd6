/** zstd in WebAssembly (252 kB): loaded once, by the worker that keeps the store. */
import { compressUsingDict, createCCtx, decompress, init } from '@bokuweb/zstd-wasm';
import type { Compressor } from './packing.ts';

/** The fastest level; higher ones save a tenth of the bytes for several times the time. */
const LEVEL = 1;
const NO_DICTIONARY = new Uint8Array(0);

let loaded: Promise<Compressor> | undefined;

/** Resolves once it can be used; rejects where its file cannot be fetched, and may be asked again then. */
export const loadZstd = (): Promise<Compressor> => (loaded ??= load());

const load = async (): Promise<Compressor> => {
  try {
    await init();
  } catch (cause) {
    loaded = undefined;
    throw cause;
  }
  // One context for all: making one each time costs a fifth more.
  const context = createCCtx();
  return {
    compress: (bytes) => compressUsingDict(context, bytes, NO_DICTIONARY, LEVEL),
    decompress: (bytes) => decompress(bytes),
  };
};
