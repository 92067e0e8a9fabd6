/** The register of the profiles on this device: a small database beside the sealed ones. */
import { Dexie } from 'dexie';
import type { Table } from 'dexie';
import { isRecord } from '#shared/json.ts';
import { isProfileId, parseProfileRecord } from './profile-record.ts';
import type { ProfileRecord } from './profile-record.ts';

/** What the register holds. */
export interface Registered {
  /** The one used last comes first. */
  readonly profiles: readonly ProfileRecord[];
  /** Profiles whose keys are gone, and whose data has still to go. */
  readonly buried: readonly string[];
}

/** Every write is durable when it resolves. */
export interface ProfileRegister {
  read(): Promise<Registered>;
  add(record: ProfileRecord): Promise<void>;
  /**
   * Reads a profile and writes what `change` makes of it, with nobody in between. Resolves with the second half of its
   * answer; undefined (and nothing written) when there is no such profile.
   */
  change<T>(id: string, change: Change<T>): Promise<T | undefined>;
  /** Puts a bare mark in the profile's place: its locks, its device key and its label are gone. */
  bury(id: string): Promise<void>;
  /** Forgets that there ever was such a profile. */
  remove(id: string): Promise<void>;
  /** Removes the register itself. */
  destroy(): Promise<void>;
}

export type Change<T> = (record: ProfileRecord) => readonly [ProfileRecord, T];

/** What the rows of a register say; whatever is malformed is passed over. */
export const sortRegister = (rows: readonly unknown[]): Registered => ({
  profiles: rows.flatMap((row) => parseProfileRecord(row) ?? []).sort((a, b) => b.turn - a.turn),
  buried: rows.flatMap((row) => (isBuried(row) ? [row.id] : [])),
});

const isBuried = (row: unknown): row is { id: string } =>
  isRecord(row) && row['isBuried'] === true && isProfileId(row['id']);

/** The database's name. */
export const REGISTER = 'city profiles';

/** The register in IndexedDB. It holds no connection between calls: none can be lost, and none is in the way of erasing. */
export class DexieRegister implements ProfileRegister {
  async read(): Promise<Registered> {
    return sortRegister(await this.#within('r', (rows) => rows.toArray()));
  }

  async add(record: ProfileRecord): Promise<void> {
    await this.#within('rw', (rows) => rows.put(record));
  }

  change<T>(id: string, change: Change<T>): Promise<T | undefined> {
    return this.#within('rw', async (rows) => {
      const record = parseProfileRecord(await rows.get(id));
      if (!record) return undefined;
      const [changed, answer] = change(record);
      await rows.put(changed);
      return answer;
    });
  }

  async bury(id: string): Promise<void> {
    await this.#within('rw', (rows) => rows.put({ id, isBuried: true }));
  }

  async remove(id: string): Promise<void> {
    await this.#within('rw', (rows) => rows.delete(id));
  }

  async destroy(): Promise<void> {
    await Dexie.delete(REGISTER);
  }

  async #within<T>(mode: 'r' | 'rw', work: (rows: Table<unknown, string>) => PromiseLike<T>): Promise<T> {
    const dexie = new Dexie(REGISTER, { chromeTransactionDurability: 'strict' });
    dexie.version(1).stores({ profiles: 'id' });
    try {
      return await dexie.transaction(mode, 'profiles', (transaction) =>
        work(transaction.table<unknown, string>('profiles')),
      );
    } finally {
      dexie.close();
    }
  }
}
