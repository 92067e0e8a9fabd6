/** `npm run move -- --to postgres://…`: an embedded city to a PostgreSQL. */
import { openCityData } from '../operations/city-data.ts';
import { openServer } from '../operations/databases.ts';
import { moveCity } from '../operations/move.ts';
import { readConfig, stopSignal, stopWith, teller } from './command.ts';

const runMove = async (dataDir: string, url: string): Promise<string | undefined> => {
  const from = await openCityData({ dataDir }, { existing: true });
  if (!from.ok) return from.error.message;
  const to = await openServer(url);
  if (!to.ok) {
    await from.value.close();
    return to.error.message;
  }
  const moved = await moveCity(from.value.db, to.value.db, {
    signal: stopSignal(),
    onProgress: teller((rows) => `  ${rows} rows …`),
  });
  await to.value.close();
  await from.value.close();
  if (!moved.ok) return moved.error.message;
  const { counts, root } = moved.value;
  console.log(
    `${counts['events'] ?? 0} events are on ${to.value.place}, root ${root}; the old ones are still in ${from.value.place}.`,
  );
  console.log(
    `Start the city with DATABASE_URL and the same DATA_DIR from now on: its keys stay in ${dataDir}.`,
  );
  return undefined;
};

const [flag, url = '', ...rest] = process.argv.slice(2);
const isUrl = URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol);
if (flag !== '--to' || !isUrl || rest.length > 0) stopWith('Say `npm run move -- --to postgres://…`.');
else {
  const problem = await runMove(readConfig().dataDir, url);
  if (problem !== undefined) stopWith(problem);
}
