// `npm run bench -- [NAME[:PART,…]…] [--json]`: runs the benches of tests/bench (or parts of them, where a bench has parts) and
// prints a table each (or one JSON object a row).
// Exits 1 when a row misses its target by more than its tolerance.
import { mkdirSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';
import { browserVersion, ensureBrowser } from './browser.mjs';
import { build, buildRelay } from './build.mjs';

const FOLDER = 'tests/bench';
const OUT = 'node_modules/.cache/bench';

const available = () =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.replace('.bench.ts', ''));

const load = async (name) => {
  mkdirSync(OUT, { recursive: true });
  const outfile = `${OUT}/${name}.mjs`;
  await bundle({
    entryPoints: [`${FOLDER}/${name}.bench.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'error',
  });
  return import(`${pathToFileURL(outfile).href}?${Date.now()}`);
};

const figure = (value) => (Number.isInteger(value) ? String(value) : value.toPrecision(3));

const printTable = (name, rows) => {
  const header = ['row', 'value', 'unit', 'peer', 'ratio', 'target', ''];
  const cells = rows.map((row) => [
    row.row,
    figure(row.value),
    row.unit,
    row.peer ?? '',
    row.ratio === undefined ? '' : `${row.ratio.toFixed(2)}×`,
    row.target ?? '',
    row.ok ? 'ok' : 'MISSED',
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column].length)),
  );
  const line = (values) =>
    values
      .map((value, column) => value.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  console.log(`\n${name}\n${line(header)}\n${cells.map(line).join('\n')}`);
};

const main = async () => {
  const words = process.argv.slice(2);
  const json = words.includes('--json');
  const wanted = words.filter((word) => !word.startsWith('--'));
  const parts = new Map(
    wanted.map((word) => word.split(':')).map(([name, some]) => [name, some?.split(',')]),
  );
  const names = wanted.length ? [...parts.keys()] : available();
  const unknown = names.filter((name) => !available().includes(name));
  if (unknown.length)
    throw new Error(`No bench named ${unknown.join(', ')}; there are: ${available().join(', ')}`);
  const chromium = await ensureBrowser();
  const benches = [];
  for (const name of names) benches.push({ name, ...(await load(name)) });
  if (benches.some(({ needsApp = true }) => needsApp)) await build();
  else if (benches.some(({ needsServer }) => needsServer)) await buildRelay();
  if (!json)
    console.log(
      `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${browserVersion(chromium)}`,
    );
  let missed = 0;
  for (const { name, run } of benches) {
    const rows = (await run({ chromium, parts: parts.get(name) })).map((row) => ({ bench: name, ...row }));
    missed += rows.filter((row) => !row.ok).length;
    if (json) for (const row of rows) console.log(JSON.stringify(row));
    else printTable(name, rows);
  }
  process.exitCode = missed ? 1 : 0;
};

await main();
