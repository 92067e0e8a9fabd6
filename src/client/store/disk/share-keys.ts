/** Keys of what another app shared: one an act of sharing, not extractable. Once a key is gone, what it sealed is nobody's any more. */
import { Dexie } from 'dexie';
import type { Table } from 'dexie';

/** Every write is durable when it resolves. */
export interface ShareKeys {
  /** A new key under this id. */
  make(id: string): Promise<CryptoKey>;
  find(id: string): Promise<CryptoKey | undefined>;
  /** Nothing happens where there is none. */
  drop(id: string): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly key: unknown;
}

const DATABASE = 'city shares';
const ALGORITHM = { name: 'AES-GCM', length: 256 };

/** A key that never leaves this browser. */
const makeShareKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey(ALGORITHM, false, ['encrypt', 'decrypt']);

/** The keys in IndexedDB, which pages and the service worker reach; no connection stays between calls. */
export class DexieShareKeys implements ShareKeys {
  async make(id: string): Promise<CryptoKey> {
    const key = await makeShareKey();
    await this.#within('rw', (rows) => rows.put({ id, key }));
    return key;
  }

  async find(id: string): Promise<CryptoKey | undefined> {
    const row = await this.#within('r', (rows) => rows.get(id));
    return row?.key instanceof CryptoKey ? row.key : undefined;
  }

  async drop(id: string): Promise<void> {
    await this.#within('rw', (rows) => rows.delete(id));
  }

  async #within<T>(mode: 'r' | 'rw', work: (rows: Table<Row, string>) => PromiseLike<T>): Promise<T> {
    const dexie = new Dexie(DATABASE, { chromeTransactionDurability: 'strict' });
    dexie.version(1).stores({ keys: 'id' });
    try {
      return await dexie.transaction(mode, 'keys', (transaction) =>
        work(transaction.table<Row, string>('keys')),
      );
    } finally {
      dexie.close();
    }
  }
}
