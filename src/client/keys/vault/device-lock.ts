/** Staying signed in: bytes under an AES-GCM key that this browser holds and never hands out. */

/** Sealed bytes with the key beside them: IndexedDB keeps the key itself, unreadable to scripts. */
export interface DeviceSealed {
  readonly key: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const cipher = (iv: Uint8Array<ArrayBuffer>, owner: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: encoder.encode(owner),
});

/** Seals under a new non-extractable key; `owner` (the public key) is bound to it. */
export const sealOnDevice = async (secret: Uint8Array, owner: string): Promise<DeviceSealed> => {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt(cipher(iv, owner), key, new Uint8Array(secret));
  return { key, iv, bytes: new Uint8Array(bytes) };
};

/** The bytes; undefined when they are damaged or belong to another owner. */
export const openOnDevice = async (
  { key, iv, bytes }: DeviceSealed,
  owner: string,
): Promise<Uint8Array | undefined> => {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(cipher(iv, owner), key, bytes));
  } catch {
    return undefined;
  }
};
