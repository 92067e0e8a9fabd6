/** `npm run restore -- <file>`: a backup into an empty city. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openCityData } from '../operations/city-data.ts';
import { otherKeys, readKeys, writeKeys } from '../operations/key-files.ts';
import { restoreBackup } from '../operations/restore.ts';
import { readConfig, stopSignal, stopWith, teller } from './command.ts';

const [file, ...rest] = process.argv.slice(2);
if (!file || rest.length > 0) stopWith('Say `npm run restore -- <file>`.');
else if (!existsSync(file)) stopWith(`There is no file ${file}.`);
else {
  const config = readConfig();
  const template = fileURLToPath(new URL('./pglite-template.tar', import.meta.url));
  const opened = await openCityData(config, { template });
  if (!opened.ok) stopWith(opened.error.message);
  else {
    const restored = await restoreBackup(opened.value.db, file, {
      signal: stopSignal(),
      onProgress: teller((rows) => `  ${rows} rows …`),
      refuseKeys: (keys) => {
        const [other] = otherKeys(config.dataDir, keys);
        return (
          other && `${config.dataDir} holds another ${other}; name another DATA_DIR, or move that file away.`
        );
      },
    });
    if (!restored.ok) {
      await opened.value.abandon();
      stopWith(restored.error.message);
    } else {
      const { counts, root, keys } = restored.value;
      if (keys) writeKeys(config.dataDir, keys);
      await opened.value.close();
      console.log(`The city holds ${counts['events'] ?? 0} events again, root ${root}.`);
      if (!readKeys(config.dataDir)['city-secret-key'])
        console.log(
          'The backup holds no keys: put the city’s secret key into DATA_DIR, or it begins anew as another one.',
        );
    }
  }
}
