/** What a city stands on: its folder, its key, its database with the newest schema, its place among its processes. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { openCityKey } from './city-key.ts';
import type { CityKey } from './city-key.ts';
import type { Config } from './config.ts';
import { openDatabase } from './db/database.ts';
import type { Database } from './db/database.ts';
import { lockFolder, prepareFolder } from './db/folder-lock.ts';
import { migrateUp } from './db/migrate.ts';
import { takeStanding } from './db/standing.ts';
import { Opened } from './opened.ts';
import { isHalfMoved, openServer } from './operations/databases.ts';
import { openVapidKeys } from './push/vapid.ts';
import type { VapidKeys } from './push/vapid.ts';
import { silentLog } from './telemetry/log.ts';
import type { Log } from './telemetry/log.ts';

export interface Ground {
  readonly db: Database;
  readonly key: CityKey;
  /** By which push services know the city. */
  readonly pushKeys: VapidKeys;
  /** Where the data lives, for people. */
  readonly place: string;
  close(): Promise<void>;
}

export type GroundFailure = Failure<'key' | 'database' | 'locked' | 'unwritable'>;

export interface GroundOptions {
  readonly template?: string;
  readonly inMemory?: boolean;
  readonly log?: Log;
}

/** An embedded database is one process's own; beside a PostgreSQL the folder holds keys only, which many may read. */
const takeFolder = ({ dataDir, databaseUrl }: Config): Result<() => void, GroundFailure> => {
  if (databaseUrl === undefined) return lockFolder(dataDir);
  const prepared = prepareFolder(dataDir);
  return prepared.ok ? ok(() => undefined) : prepared;
};

/** A step may take long, and so may waiting for another process that takes it just now: no question's patience is for that. */
const takeSteps = async (db: Database, url: string | undefined): Promise<string[]> => {
  const server = url === undefined ? undefined : await openServer(url);
  if (!server?.ok) return migrateUp(db);
  try {
    return await migrateUp(server.value.db);
  } finally {
    await server.value.close();
  }
};

const openAll = async (
  config: Config,
  { template, inMemory, log = silentLog }: GroundOptions,
  opened: Opened,
): Promise<Result<Omit<Ground, 'close'>, GroundFailure>> => {
  const { databaseUrl, dataDir } = config;
  const folder = takeFolder(config);
  if (!folder.ok) return folder;
  opened.add(folder.value);
  const key = openCityKey(dataDir, config.secretKey);
  if (!key.ok) return key;
  const pushKeys = openVapidKeys(dataDir, config.pushSecretKey);
  if (!pushKeys.ok) return pushKeys;
  const database = await openDatabase({
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(inMemory ? {} : { dataDir }),
    ...(template ? { template } : {}),
    log,
  });
  if (!database.ok) return database;
  const { db, place, close } = database.value;
  opened.add(close);
  if (databaseUrl !== undefined) {
    const standing = await takeStanding(databaseUrl, `${key.value.pubkey} ${pushKeys.value.publicKey}`);
    if (!standing.ok) return standing;
    opened.add(() => standing.value.close());
  }
  if (await isHalfMoved(db))
    return fail(
      'database',
      `A move into the database on ${place} is not finished; run \`npm run move\` again.`,
    );
  const ran = await takeSteps(db, databaseUrl);
  if (ran.length > 0) log.info('the database has a newer schema', { migrations: ran.join(' ') });
  return ok({ db, key: key.value, pushKeys: pushKeys.value, place });
};

/** Opens everything below the server, or nothing; fails with one sentence for people. */
export const openGround = async (
  config: Config,
  options: GroundOptions,
): Promise<Result<Ground, GroundFailure>> => {
  const opened = new Opened();
  const ground = await openAll(config, options, opened).catch(async (cause: unknown) => {
    await opened.close();
    throw cause;
  });
  if (ground.ok) return ok({ ...ground.value, close: () => opened.close() });
  await opened.close();
  return ground;
};
