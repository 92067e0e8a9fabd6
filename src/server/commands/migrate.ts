/** `npm run migrate -- up|down|status`: the schema's steps by hand. */
import { migrateDown, migrateUp, migrationSteps } from '../db/migrate.ts';
import type { Database } from '../db/database.ts';
import { openCityData } from '../operations/city-data.ts';
import { readConfig, stopWith } from './command.ts';

const move = async (direction: 'up' | 'down', db: Database): Promise<void> => {
  const names = await (direction === 'up' ? migrateUp(db) : migrateDown(db));
  for (const name of names) console.log(`${direction}: ${name}`);
  if (names.length === 0) console.log('Nothing to do.');
};

const commands: Readonly<Record<string, (db: Database) => Promise<void>>> = {
  up: (db) => move('up', db),
  down: (db) => move('down', db),
  status: async (db) => {
    for (const { name, taken } of await migrationSteps(db))
      console.log(`${taken ? 'taken  ' : 'pending'} ${name}`);
  },
};

const wanted = process.argv[2] ?? 'up';
const command = Object.hasOwn(commands, wanted) ? commands[wanted] : undefined;
if (!command)
  stopWith('Say `npm run migrate -- up`, `npm run migrate -- down` or `npm run migrate -- status`.');
else {
  const opened = await openCityData(readConfig());
  if (!opened.ok) stopWith(opened.error.message);
  else {
    try {
      await command(opened.value.db);
    } catch (cause) {
      const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
      console.error(`The schema could not be changed: ${why instanceof Error ? why.message : String(why)}`);
      process.exitCode = 1;
    }
    await opened.value.close();
  }
}
