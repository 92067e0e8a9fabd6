/** A photo of 12 megapixels, as it stands and as a phone holds it sideways: stripped, made small, on the screen. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';
import { startQuietBrowser } from '../quiet-browser.ts';
import { percentile } from '../rows.ts';
import type { BenchContext, BenchRow } from '../rows.ts';
import type { PhotoPage } from './photo-page.ts';

const ROUNDS = 7;
const MOST_MS = 500;
const [WIDTH, HEIGHT] = [4032, 3024];
const KINDS = [
  ['upright.jpg', 1, 'a photo of 12 megapixels, chosen and on the screen'],
  ['turned.jpg', 6, 'the same, held sideways'],
] as const;

/** Hills of colour under a little noise: about as many bytes as a phone makes of it. */
const makePhoto = async (orientation: number): Promise<Buffer> => {
  const hills = await sharp({
    create: {
      ...{ width: WIDTH / 16, height: HEIGHT / 16, channels: 3, background: '#678' },
      noise: { type: 'gaussian', mean: 120, sigma: 60 },
    },
  })
    .png()
    .toBuffer();
  const grain = await sharp({
    create: {
      ...{ width: WIDTH, height: HEIGHT, channels: 3, background: '#888' },
      noise: { type: 'gaussian', mean: 128, sigma: 12 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(hills)
    .resize(WIDTH, HEIGHT, { kernel: 'cubic' })
    .composite([{ input: grain, blend: 'overlay' }])
    .withExif({ IFD0: { Make: 'Brass & Sons' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1' } })
    .withMetadata({ orientation })
    .jpeg({ quality: 88 })
    .toBuffer();
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  jpg: 'image/jpeg',
  html: 'text/html',
};

/** The page, its worker and the photos, from a folder. */
const serve = async (folder: string) => {
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1) || 'index.html';
    try {
      const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      const bytes = readFileSync(join(folder, name));
      response.writeHead(200, { 'content-type': type }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
};

/** Rows of preparing photos. */
export const photo = async ({ chromium }: BenchContext): Promise<BenchRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'photo-'));
  await build({
    entryPoints: ['tests/bench/media/photo-page.ts', 'src/workers/preparing.worker.ts'],
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'browser', target: 'es2022' },
    ...{ minify: true, outdir: folder, entryNames: '[name]', logLevel: 'error' },
  });
  writeFileSync(join(folder, 'index.html'), '<script type=module src="/photo-page.js"></script><body>');
  for (const [name, orientation] of KINDS) writeFileSync(join(folder, name), await makePhoto(orientation));
  const ground = await serve(folder);
  const browser = await startQuietBrowser(chromium);
  try {
    const page = await browser.open(`${ground.origin}/`);
    while (!(await page.evaluate<boolean>('"photoPage" in globalThis && !!document.body')));
    const rows: BenchRow[] = [];
    for (const [name, , row] of KINDS) {
      const turns: Awaited<ReturnType<PhotoPage['photo']>>[] = [];
      for (let round = 0; round < ROUNDS; round++)
        turns.push(await page.evaluate(`photoPage.photo('/${name}')`));
      const value = percentile(
        turns.map(({ ms }) => ms),
        0.5,
      );
      const [first] = turns;
      const peer = `the first ${Math.round(first?.ms ?? 0)} ms; ${first?.side}, ${((first?.bytes ?? 0) / 1e6).toFixed(1)} MB leave`;
      rows.push({ row, value, unit: 'ms', peer, target: `≤ ${MOST_MS}`, ok: value <= MOST_MS });
    }
    return rows;
  } finally {
    await browser.close();
    ground.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
