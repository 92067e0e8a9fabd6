/** A city's data without the city: for commands that read or fill it. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import type { Database } from '../db/database.ts';
import { lockFolder } from '../db/folder-lock.ts';
import { openServer } from './databases.ts';

export interface CityData {
  readonly db: Database;
  /** Where it is, for people. */
  readonly place: string;
  close(): Promise<void>;
  /** Closes it and takes an embedded database away that was not there before. */
  abandon(): Promise<void>;
}

type DataFailure = Failure<'database' | 'locked' | 'unwritable'>;
type Place = Pick<Config, 'dataDir' | 'databaseUrl'>;

const folderOf = (dataDir: string): string => join(dataDir, 'pglite');

const openFolder = async (
  dataDir: string,
  { template, existing }: DataOptions,
): Promise<Result<CityData, DataFailure>> => {
  const folder = folderOf(dataDir);
  const fresh = !existsSync(folder);
  if (fresh && existing)
    return fail(
      'database',
      `There is no city in ${dataDir}; name another folder with DATA_DIR, or a DATABASE_URL.`,
    );
  const locked = lockFolder(dataDir);
  if (!locked.ok) return locked;
  const opened = await openDatabase({ dataDir, ...(template ? { template } : {}) });
  if (!opened.ok) {
    locked.value();
    return opened;
  }
  const { db, place } = opened.value;
  const close = async (): Promise<void> => {
    await opened.value.close();
    locked.value();
  };
  const abandon = async (): Promise<void> => {
    await opened.value.close();
    if (fresh) rmSync(folder, { recursive: true, force: true });
    locked.value();
  };
  return ok({ db, place, close, abandon });
};

export interface DataOptions {
  /** Archive of an empty embedded database. */
  readonly template?: string;
  /** Refuses to make one where there is none. */
  readonly existing?: boolean;
}

/**
 * Opens the data of the settings' city. An embedded city must not run meanwhile: its folder is taken. Beside a city on
 * PostgreSQL there is room for others.
 */
export const openCityData = async (
  { dataDir, databaseUrl }: Place,
  options: DataOptions = {},
): Promise<Result<CityData, DataFailure>> => {
  if (databaseUrl === undefined) return openFolder(dataDir, options);
  const opened = await openServer(databaseUrl);
  return opened.ok ? ok({ ...opened.value, abandon: opened.value.close }) : opened;
};
