/** `npm run migrate -- [up|down]`: the schema's steps by hand. */
import { parseConfig } from './config.ts';
import { migrateDown, migrateUp } from './db/migrate.ts';
import { openGround } from './ground.ts';

const fail = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

const direction = process.argv[2] ?? 'up';
if (direction !== 'up' && direction !== 'down')
  fail('Say `npm run migrate -- up` or `npm run migrate -- down`.');
const config = parseConfig(process.env);
if (!config.ok) fail(config.error.message);
else {
  const opened = await openGround(config.value, { migrate: false });
  if (!opened.ok) fail(opened.error.message);
  else {
    const ground = opened.value;
    const names = await (direction === 'up' ? migrateUp(ground.db) : migrateDown(ground.db));
    for (const name of names) console.log(`${direction}: ${name}`);
    if (names.length === 0) console.log('Nothing to do.');
    await ground.close();
  }
}
