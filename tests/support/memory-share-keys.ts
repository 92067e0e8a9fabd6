/** Keys of shared things in memory. */
import type { ShareKeys } from '../../src/client/store/disk/share-keys.ts';

export class MemoryShareKeys implements ShareKeys {
  readonly keys = new Map<string, CryptoKey>();

  async make(id: string): Promise<CryptoKey> {
    const algorithm = { name: 'AES-GCM', length: 256 };
    const key = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
    this.keys.set(id, key);
    return key;
  }

  find(id: string): Promise<CryptoKey | undefined> {
    return Promise.resolve(this.keys.get(id));
  }

  drop(id: string): Promise<void> {
    this.keys.delete(id);
    return Promise.resolve();
  }
}
