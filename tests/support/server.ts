/** Starts the real server in this process, on an embedded database and a free port. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCity } from '#server/city.ts';
import type { City, CityOptions } from '#server/city.ts';
import { parseConfig } from '#server/config.ts';
import type { Environment } from '#server/config.ts';
import { ensureTemplate } from '../../src/launch/template.mjs';

export interface TestCityOptions extends Omit<CityOptions, 'template'> {
  /** Settings beside the tests' own (`PORT=0`, `POW=test`). */
  readonly environment?: Environment;
  /** A folder to keep (restarts); otherwise the database is in memory and the folder goes with `close`. */
  readonly dataDir?: string;
}

/** No limits on pace: a test is not a flood. */
const UNHURRIED = { perSecond: 1e6, burst: 1e6 };

/** A new folder under the system's temporary one. */
export const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'city-'));

/** Starts a city or throws with its sentence. `close()` stops it and removes what was temporary. */
export const startTestCity = async (options: TestCityOptions = {}): Promise<City> => {
  const { environment, dataDir, ...rest } = options;
  const folder = dataDir ?? makeFolder();
  const config = parseConfig({ PORT: '0', POW: 'test', METRICS: 'open', DATA_DIR: folder, ...environment });
  if (!config.ok) throw new Error(config.error.message);
  const started = await startCity(config.value, {
    template: await ensureTemplate(),
    inMemory: dataDir === undefined,
    rates: {
      messages: UNHURRIED,
      connections: UNHURRIED,
      events: UNHURRIED,
      backlog: UNHURRIED,
      backlogByAddress: UNHURRIED,
      questions: UNHURRIED,
    },
    ...rest,
  });
  if (!started.ok) throw new Error(started.error.message, { cause: started.error.cause });
  const city = started.value;
  return {
    ...city,
    close: async () => {
      await city.close();
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
};
