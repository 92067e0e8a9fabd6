/** A city in a process of its own, with the bench's page at its own address: its doors are asked from their own origin. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startCity } from '../../../src/server/city.ts';
import { parseConfig } from '../../../src/server/config.ts';

const PAGE =
  '<!doctype html><title>bench</title><input type="file"><script type="module" src="/bench/media-page.js"></script>';

const [dataDir = '', scripts = ''] = process.argv.slice(2);
const config = parseConfig({ PORT: '0', POW: 'test', DATA_DIR: dataDir, LOG_LEVEL: 'error' });
if (!config.ok) throw new Error(config.error.message);
const city = await startCity(config.value, {
  app: (request, response) => {
    const path = request.url ?? '';
    if (!/\.[jt]s$/.test(path)) return void response.setHeader('content-type', 'text/html').end(PAGE);
    response
      .setHeader('content-type', 'text/javascript')
      .end(readFileSync(join(scripts, basename(path).replace(/ts$/, 'js'))));
  },
});
if (!city.ok) throw new Error(city.error.message);
process.send?.(`http://localhost:${city.value.port}`);
process.once('SIGTERM', () => void city.value.close().then(() => process.exit(0)));
