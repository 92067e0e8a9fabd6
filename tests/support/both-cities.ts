/** A city on each database of this machine: stories about what SQL decides are told on both. */
import type { City } from '#server/city.ts';
import { startTestPostgres } from './postgres.ts';
import { startTestCity } from './server.ts';
import type { TestCityOptions } from './server.ts';

export interface OneOfBoth {
  readonly name: 'PGlite' | 'PostgreSQL';
  readonly city: City;
}

/** Starts them; `close` stops them. Without PostgreSQL on the machine there is one, and that is told. */
export const startBothCities = async (
  options: TestCityOptions = {},
): Promise<{ readonly cities: readonly OneOfBoth[]; close(): Promise<void> }> => {
  const cities: OneOfBoth[] = [{ name: 'PGlite', city: await startTestCity(options) }];
  const postgres = await startTestPostgres();
  if (postgres) {
    const environment = { ...options.environment, DATABASE_URL: postgres.url };
    cities.push({ name: 'PostgreSQL', city: await startTestCity({ ...options, environment }) });
  } else console.warn('SKIPPED: there is no PostgreSQL on this machine; stories were told on PGlite alone.');
  return {
    cities,
    close: async () => {
      for (const { city } of cities) await city.close();
      await postgres?.close();
    },
  };
};
