/** A register of profiles in memory, cloned as a database would; tabs of one origin share it. */
import { sortRegister } from '../../src/client/store/profiles/profile-register.ts';
import type { Change, ProfileRegister } from '../../src/client/store/profiles/profile-register.ts';
import { parseProfileRecord } from '../../src/client/store/profiles/profile-record.ts';
import type { ProfileRecord } from '../../src/client/store/profiles/profile-record.ts';

export class MemoryRegister implements ProfileRegister {
  /** As they lie there; tests may damage them. */
  readonly rows = new Map<string, unknown>();
  /** What was done, in order. */
  readonly done: string[] = [];

  read = async () => sortRegister([...this.rows.values()].map((row) => structuredClone(row)));

  async add(record: ProfileRecord): Promise<void> {
    this.#put(record.id, record);
  }

  async change<T>(id: string, change: Change<T>): Promise<T | undefined> {
    await Promise.resolve();
    const record = parseProfileRecord(structuredClone(this.rows.get(id)));
    if (!record) return undefined;
    const [changed, answer] = change(record);
    this.#put(id, changed);
    return answer;
  }

  async bury(id: string): Promise<void> {
    this.done.push('bury');
    this.#put(id, { id, isBuried: true });
  }

  async remove(id: string): Promise<void> {
    this.done.push('remove');
    this.rows.delete(id);
  }

  async destroy(): Promise<void> {
    this.done.push('destroy register');
    this.rows.clear();
  }

  #put(id: string, row: unknown): void {
    this.rows.set(id, structuredClone(row));
  }
}
