/** What shows that a backup's list of contents is the one that was written: an HMAC under a key of the profile's. */
import { MARK, VERSION } from './backup-format.ts';
import type { Bytes } from './backup-format.ts';

const encoder = new TextEncoder();

const macKey = async (dataKey: Bytes, uses: KeyUsage[]): Promise<CryptoKey> => {
  const root = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveKey']);
  const info = encoder.encode('backup manifest');
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  return crypto.subtle.deriveKey(hkdf, root, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, uses);
};

/** The manifest names the header and every record, so that nothing of the file is outside. */
const covered = (manifest: Bytes): Bytes => {
  const whole = new Uint8Array(MARK.length + 1 + manifest.length);
  whole.set(MARK);
  whole[MARK.length] = VERSION;
  whole.set(manifest, MARK.length + 1);
  return whole;
};

/** 32 bytes. */
export const makeMac = async (dataKey: Bytes, manifest: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', await macKey(dataKey, ['sign']), covered(manifest)));

/** Compared in constant time. */
export const checkMac = async (dataKey: Bytes, manifest: Bytes, mac: Bytes): Promise<boolean> =>
  crypto.subtle.verify('HMAC', await macKey(dataKey, ['verify']), mac, covered(manifest));
