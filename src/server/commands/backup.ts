/** `npm run backup -- <file> [--with-keys]`: the whole city in one file. */
import { existsSync } from 'node:fs';
import { writeBackup } from '../operations/backup.ts';
import { openCityData } from '../operations/city-data.ts';
import { readKeys } from '../operations/key-files.ts';
import { readConfig, stopSignal, stopWith, teller } from './command.ts';

const [file, ...flags] = process.argv
  .slice(2)
  .toSorted((a, b) => Number(a.startsWith('-')) - Number(b.startsWith('-')));
if (!file || file.startsWith('-') || flags.some((flag) => flag !== '--with-keys'))
  stopWith('Say `npm run backup -- <file>`, with `--with-keys` to keep the city’s secret keys in it too.');
else if (existsSync(file)) stopWith(`${file} is there already; name another file.`);
else {
  const config = readConfig();
  const opened = await openCityData(config, { existing: true });
  if (!opened.ok) stopWith(opened.error.message);
  else {
    const written = await writeBackup(opened.value.db, file, {
      now: Math.floor(Date.now() / 1000),
      signal: stopSignal(),
      onProgress: teller((rows) => `  ${rows} rows …`),
      ...(flags.length > 0 ? { keys: readKeys(config.dataDir) } : {}),
    });
    await opened.value.close();
    if (!written.ok) stopWith(written.error.message);
    else
      console.log(`${file} holds ${written.value.counts['events'] ?? 0} events, root ${written.value.root}.`);
    if (flags.length > 0)
      console.log('It holds the city’s secret keys too: keep it where nobody else reads it.');
  }
}
