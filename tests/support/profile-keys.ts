/** Keys of made-up profiles, and a compressor that needs no WebAssembly. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ProfileKeys } from '../../src/client/store/profiles/profile-keys.ts';
import { makeDeviceKey } from '../../src/client/store/seal/lockbox.ts';
import type { Compressor } from '../../src/client/store/seal/packing.ts';
import { makeDataKey } from '../../src/client/store/seal/sealer.ts';

let profiles = 0;

/** A profile that nobody else has. */
export const makeProfileKeys = async (): Promise<ProfileKeys> => ({
  profile: (++profiles).toString(16).padStart(32, '0'),
  dataKey: makeDataKey(),
  deviceKey: await makeDeviceKey(),
});

/** Node's own, in place of zstd. */
export const plainCompressor: Compressor = {
  compress: (bytes) => deflateRawSync(bytes),
  decompress: (bytes) => inflateRawSync(bytes),
};
