/** The vault's record as the first version kept it, in a store that sealed nothing: secrets lay under keys of their own. */
import { bytesToHex } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import type { VaultRecord } from './record.ts';
import { parseVaultRecord } from './record.ts';

const encoder = new TextEncoder();

/** That record as it is now; undefined for anything else. A key that was locked stays under its passphrase. */
export const movedVaultRecord = async (value: unknown): Promise<VaultRecord | undefined> => {
  if (!isRecord(value) || value['v'] !== 1 || typeof value['pubkey'] !== 'string') return undefined;
  const { open, own, pubkey, ...rest } = value;
  const secret = await opened(open, pubkey);
  const half = await opened(own, pubkey);
  return parseVaultRecord({
    ...rest,
    v: 2,
    pubkey,
    ...(secret ? { secret } : {}),
    ...(half ? { own: half } : {}),
  });
};

/** AES-GCM under the key that lay beside it, bound to its owner. */
const opened = async (sealed: unknown, owner: string): Promise<string | undefined> => {
  if (!isRecord(sealed)) return undefined;
  const { key, iv, bytes } = sealed;
  if (!(key instanceof CryptoKey) || !isBytes(iv) || !isBytes(bytes)) return undefined;
  const cipher = { name: 'AES-GCM', iv, additionalData: encoder.encode(owner) };
  const found = await crypto.subtle.decrypt(cipher, key, bytes).catch(() => undefined);
  return found && bytesToHex(new Uint8Array(found));
};

const isBytes = (value: unknown): value is Uint8Array<ArrayBuffer> => value instanceof Uint8Array;
