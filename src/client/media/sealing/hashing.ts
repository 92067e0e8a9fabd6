/** SHA-256 piece by piece: the browser's own takes whole files only. */
import { createSHA256 } from 'hash-wasm';

export interface Hashing {
  add(bytes: Uint8Array): void;
  /** In hex; nothing may be added afterwards. */
  end(): string;
}

/** Begins one; blocks its thread for a few milliseconds a megabyte, so it belongs into a worker. */
export const beginHash = async (): Promise<Hashing> => {
  const sha256 = await createSHA256();
  sha256.init();
  return { add: (bytes) => void sha256.update(bytes), end: () => sha256.digest('hex') };
};
