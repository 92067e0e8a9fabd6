/** What a city stands on: its folder (locked), its key, its database with the newest schema. */
import { ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { openCityKey } from './city-key.ts';
import type { CityKey } from './city-key.ts';
import type { Config } from './config.ts';
import { openDatabase } from './db/database.ts';
import type { Database } from './db/database.ts';
import { lockFolder } from './db/folder-lock.ts';
import { migrateUp } from './db/migrate.ts';
import { silentLog } from './telemetry/log.ts';
import type { Log } from './telemetry/log.ts';

export interface Ground {
  readonly db: Database;
  readonly key: CityKey;
  /** Where the data lives, for people. */
  readonly place: string;
  close(): Promise<void>;
}

export type GroundFailure = Failure<'key' | 'database' | 'locked' | 'unwritable'>;

export interface GroundOptions {
  readonly template?: string;
  readonly inMemory?: boolean;
  /** False: leaves the schema as it is. */
  readonly migrate?: boolean;
  readonly log?: Log;
}

/** Opens everything below the server, or nothing; fails with one sentence for people. */
export const openGround = async (
  config: Config,
  { template, inMemory, migrate = true, log = silentLog }: GroundOptions,
): Promise<Result<Ground, GroundFailure>> => {
  const locked = lockFolder(config.dataDir);
  if (!locked.ok) return locked;
  const unlock = locked.value;
  const key = openCityKey(config.dataDir, config.secretKey);
  if (!key.ok) {
    unlock();
    return key;
  }
  const opened = await openDatabase({
    ...(config.databaseUrl ? { databaseUrl: config.databaseUrl } : {}),
    ...(inMemory ? {} : { dataDir: config.dataDir }),
    ...(template ? { template } : {}),
    log,
  });
  if (!opened.ok) {
    unlock();
    return opened;
  }
  const { db, place, close } = opened.value;
  const ran = migrate ? await migrateUp(db) : [];
  if (ran.length > 0) log.info('the database has a newer schema', { migrations: ran.join(' ') });
  return ok({
    db,
    key: key.value,
    place,
    close: async () => {
      await close();
      unlock();
    },
  });
};
