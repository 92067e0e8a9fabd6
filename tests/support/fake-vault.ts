/** A vault's surroundings in memory: a record that is cloned as IndexedDB would, and a sealer that costs nothing. */
import type { Sealer } from '../../src/client/keys/vault/seal.ts';
import type { VaultPort } from '../../src/client/keys/vault/vault.ts';
import { encrypt, decrypt } from 'nostr-tools/nip49';
import { fail, ok } from '../../src/shared/result.ts';

/** The record's place; `broken` makes writes fail. */
export class MemoryVaultPort implements VaultPort {
  record: unknown;
  broken = false;

  read(): Promise<unknown> {
    return Promise.resolve(structuredClone(this.record));
  }
  write(value: unknown): Promise<void> {
    if (this.broken) return Promise.reject(new Error('disk full'));
    this.record = structuredClone(value);
    return Promise.resolve();
  }
}

/** Real NIP-49 with 2^1 rounds; counts how often it worked. */
export class QuickSealer implements Sealer {
  works = 0;

  seal(secret: Uint8Array, passphrase: string) {
    this.works++;
    return Promise.resolve(encrypt(secret, passphrase, 1) as string);
  }
  open(ncryptsec: string, passphrase: string): ReturnType<Sealer['open']> {
    this.works++;
    try {
      return Promise.resolve(ok(decrypt(ncryptsec, passphrase)));
    } catch {
      return Promise.resolve(fail('passphrase', 'wrong'));
    }
  }
}
