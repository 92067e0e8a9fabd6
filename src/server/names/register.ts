/** Who has which name of this city; the database decides between two who ask at once. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { Database } from '../db/database.ts';

interface RegisterPorts {
  readonly db: Database;
  readonly clock: Clock;
}

/** SQLSTATE: somebody has it; two are just changing names with each other. */
const NOT_OURS: ReadonlySet<unknown> = new Set(['23505', '40P01']);

const isTaken = (cause: unknown): boolean => NOT_OURS.has((cause as { readonly code?: unknown }).code);

/** Names as `parseCityName` gives them. Every method throws on I/O. */
export class NameRegister {
  #ports: RegisterPorts;

  constructor(ports: RegisterPorts) {
    this.#ports = ports;
  }

  /** Whose name it is. */
  async ownerOf(name: string): Promise<string | undefined> {
    const { db } = this.#ports;
    const row = await db
      .selectFrom('city_names')
      .select('pubkey')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.pubkey;
  }

  /** The name of a key. */
  async nameOf(pubkey: string): Promise<string | undefined> {
    const { db } = this.#ports;
    const row = await db
      .selectFrom('city_names')
      .select('name')
      .where('pubkey', '=', pubkey)
      .executeTakeFirst();
    return row?.name;
  }

  /** Gives a key a name; the one it had is free. Fails with `taken`. */
  async claim(name: string, pubkey: string): Promise<Result<true, Failure<'taken'>>> {
    const { db, clock } = this.#ports;
    const changing = { name, claimed_at: clock.now() };
    try {
      await db
        .insertInto('city_names')
        .values({ pubkey, ...changing })
        .onConflict((conflict) => conflict.column('pubkey').doUpdateSet(changing))
        .execute();
      return ok(true);
    } catch (cause) {
      if (isTaken(cause)) return fail('taken', 'somebody has this name');
      throw cause;
    }
  }

  /** Frees a name that the key has. */
  async free(name: string, pubkey: string): Promise<void> {
    await this.#ports.db
      .deleteFrom('city_names')
      .where('name', '=', name)
      .where('pubkey', '=', pubkey)
      .execute();
  }

  /** Frees what a key claimed up to then (Unix seconds). */
  async forget(pubkey: string, until: number): Promise<void> {
    await this.#ports.db
      .deleteFrom('city_names')
      .where('pubkey', '=', pubkey)
      .where('claimed_at', '<=', until)
      .execute();
  }

  /** Frees the names of banned keys. */
  async freeBanned(safe: ReadonlySet<string>): Promise<void> {
    const { db } = this.#ports;
    const banned = db.selectFrom('banned_keys').select('pubkey');
    await db
      .deleteFrom('city_names')
      .where('pubkey', 'in', safe.size > 0 ? banned.where('pubkey', 'not in', [...safe]) : banned)
      .execute();
  }
}
