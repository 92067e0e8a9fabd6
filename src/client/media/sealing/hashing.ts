/** SHA-256 piece by piece: the browser's own takes whole files only. */
import { createSHA256 } from 'hash-wasm';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Hashing {
  /** Takes bytes with all of their buffer: it is empty afterwards. Resolves once there is room for more. */
  add(bytes: Bytes): Promise<void>;
  /** In hex; nothing may be added afterwards. */
  end(): Promise<string>;
  /** Gives the memory of bytes back that nobody needs any more; they are empty afterwards. */
  free(bytes: Bytes): void;
}

/** Begins a hash over about so many bytes. */
export type BeginHash = (size: number) => Promise<Hashing>;

/** Hashes in this thread, which it blocks for some milliseconds a megabyte. */
export const hashHere = async (): Promise<Hashing> => {
  const sha256 = await createSHA256();
  sha256.init();
  return {
    add: async (bytes) => void sha256.update(bytes),
    end: async () => sha256.digest('hex'),
    // The collector finds it.
    free: () => undefined,
  };
};
