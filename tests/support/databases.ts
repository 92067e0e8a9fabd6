/** Both databases with the newest schema, empty, and a way to lay events into them without asking anybody. */
import { ensureTemplate } from '../../src/launch/template.mjs';
import { openDatabase } from '#server/db/database.ts';
import type { Database } from '#server/db/database.ts';
import { migrateUp } from '#server/db/migrate.ts';
import { emptyPlan, refreshStatistics, writePlan } from '#server/store/plan.ts';
import type { PlanOwner } from '#server/store/plan.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { startTestPostgres } from './postgres.ts';

export interface TestDatabase {
  readonly name: 'PGlite' | 'PostgreSQL';
  readonly db: Database;
  close(): Promise<void>;
}

const BATCH = 500;

/** A city without a key: every event is a stranger's. */
const NOBODY: PlanOwner = { pubkey: '', saltOf: () => 0 };

/** Stores events as they are: no judge, no replacing. */
export const layEvents = async (db: Database, events: readonly NostrEvent[], own = NOBODY): Promise<void> => {
  for (let from = 0; from < events.length; from += BATCH)
    await db
      .transaction()
      .execute((transaction) =>
        writePlan(transaction, { ...emptyPlan(), inserts: events.slice(from, from + BATCH) }, own),
      );
  await refreshStatistics(db);
};

const opened = async (options: Parameters<typeof openDatabase>[0]) => {
  const database = await openDatabase(options);
  if (!database.ok) throw new Error(database.error.message);
  await migrateUp(database.value.db);
  return database.value;
};

/** Opens an embedded one in memory and, where the machine has it, a PostgreSQL of its own. */
export const openTestDatabases = async (): Promise<TestDatabase[]> => {
  const embedded = await opened({ template: await ensureTemplate() });
  const databases: TestDatabase[] = [{ name: 'PGlite', db: embedded.db, close: embedded.close }];
  const postgres = await startTestPostgres();
  if (!postgres) {
    console.warn(
      'SKIPPED: there is no PostgreSQL on this machine; the questions were asked of PGlite alone.',
    );
    return databases;
  }
  const real = await opened({ databaseUrl: postgres.url });
  return [
    ...databases,
    {
      name: 'PostgreSQL',
      db: real.db,
      close: async () => {
        await real.close();
        await postgres.close();
      },
    },
  ];
};
