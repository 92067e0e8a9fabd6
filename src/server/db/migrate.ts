/** Numbered migrations, each with up and down, run under Kysely's lock (an advisory lock on PostgreSQL). */
import { Migrator } from 'kysely';
import type { Kysely, Migration, MigrationResultSet } from 'kysely';
import { eventsAndGroups } from './migrations/0001-events-and-groups.ts';
import { pushSubscriptions } from './migrations/0002-push-subscriptions.ts';
import { search } from './migrations/0003-search.ts';
import { statistics } from './migrations/0005-statistics.ts';
import { media } from './migrations/0007-media.ts';
import { names } from './migrations/0008-names.ts';
import type { Tables } from './tables.ts';

const migrations: Readonly<Record<string, Migration>> = {
  '0001-events-and-groups': eventsAndGroups,
  '0002-push-subscriptions': pushSubscriptions,
  '0003-search': search,
  '0005-statistics': statistics,
  '0007-media': media,
  '0008-names': names,
};

/** Whether a step of the schema was taken. */
export interface MigrationStep {
  readonly name: string;
  readonly taken: boolean;
}

const migratorOf = (db: Kysely<Tables>): Migrator =>
  new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });

const namesOf = (results: MigrationResultSet): string[] => {
  if (results.error) throw new Error('a migration failed', { cause: results.error });
  return (results.results ?? []).map((each) => each.migrationName);
};

/** Brings the database to the newest schema; the names of the migrations that ran. Throws when one fails. */
export const migrateUp = async (db: Kysely<Tables>): Promise<string[]> =>
  namesOf(await migratorOf(db).migrateToLatest());

/** Brings the database to the schema that the named migration left, up or down; what ran. Throws when one fails or is unknown. */
export const migrateTo = async (db: Kysely<Tables>, name: string): Promise<string[]> =>
  namesOf(await migratorOf(db).migrateTo(name));

/** Takes the newest migration back; its name, or nothing when there is none. Throws when it fails. */
export const migrateDown = async (db: Kysely<Tables>): Promise<string[]> =>
  namesOf(await migratorOf(db).migrateDown());

/** True for a migration that this version has. */
export const isMigration = (name: string): boolean => Object.hasOwn(migrations, name);

/** Every step, in order. Throws on I/O. */
export const migrationSteps = async (db: Kysely<Tables>): Promise<MigrationStep[]> =>
  (await migratorOf(db).getMigrations()).map(({ name, executedAt }) => ({
    name,
    taken: executedAt !== undefined,
  }));

/** The newest migration that was taken; undefined: none. Throws on I/O. */
export const schemaOf = async (db: Kysely<Tables>): Promise<string | undefined> =>
  (await migrationSteps(db)).findLast(({ taken }) => taken)?.name;
