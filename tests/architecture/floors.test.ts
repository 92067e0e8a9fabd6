/** Plants a violation of each rule of the house in a small tree and sees it caught; the clean tree passes. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

type Tree = Readonly<Record<string, string>>;

/** A house in small, with every floor used the right way. */
const clean: Tree = {
  'src/shared/result.ts': 'export const ok = 1;',
  'src/protocol/kinds.ts': "export { ok as kind } from '#shared/result.ts';",
  'src/client/store/store.ts':
    "import Dexie from 'dexie';\nexport { kind as row } from '#protocol/kinds.ts';\nexport { Dexie };",
  'src/ui/Button.svelte':
    '<script lang="ts">\n  import { ok } from \'#shared/result.ts\';\n</script>\n<b>{ok}</b>',
  'src/features/map/index.ts': "export { view } from './view.ts';",
  'src/features/map/view.ts': "import { row } from '#client/store/store.ts';\nexport const view = row;",
  'src/features/chat/index.ts': "export { kind as chat } from '#protocol/kinds.ts';",
  'src/app/session.ts': "import { chat } from '#features/chat/index.ts';\nexport const session = chat;",
  'src/routes/page.ts':
    "import { view } from '#features/map/index.ts';\nimport { session } from '#app/session.ts';\nexport const page = [view, session];",
  'src/routes/dev/look.ts': "export { fake as look } from '../../../tests/support/fake.ts';",
  'tests/support/fake.ts': 'export const fake = 1;',
  'src/server/main.ts': "import { kind } from '#protocol/kinds.ts';\nexport const main = kind;",
};

/** Rule → files that break it. */
const violations: Readonly<Record<string, Tree>> = {
  'floor-0-imports-downward': { 'src/shared/up.ts': "export { kind } from '#protocol/kinds.ts';" },
  'floor-1-imports-downward': {
    'src/protocol/up.ts': "import type { row } from '#client/store/store.ts';\nexport type R = typeof row;",
  },
  'floor-2-imports-downward': { 'src/client/up.ts': "export { view } from '#features/map/index.ts';" },
  'floor-3-imports-downward': {
    'src/ui/Up.svelte':
      '<script lang="ts">\n  import { session } from \'#app/session.ts\';\n</script>\n<b>{session}</b>',
  },
  'floor-4-imports-downward': { 'src/features/map/up.ts': "export { session } from '#app/session.ts';" },
  'floor-5-imports-downward': { 'src/app/up.ts': "export const later = () => import('../routes/page.ts');" },
  'ui-knows-no-nostr': {
    'src/ui/Nostr.svelte':
      '<script lang="ts">\n  import { kind } from \'#protocol/kinds.ts\';\n</script>\n<b>{kind}</b>',
  },
  'server-imports-shared-and-protocol': {
    'src/server/reach.ts': "export { row } from '#client/store/store.ts';",
  },
  'nobody-imports-server': { 'src/routes/reach.ts': "export { main } from '#server/main.ts';" },
  'features-do-not-meet': { 'src/features/chat/meet.ts': "export { view } from '../map/index.ts';" },
  'features-have-a-door': { 'src/routes/burgle.ts': "export { view } from '#features/map/view.ts';" },
  'only-the-store-touches-dexie': {
    'src/features/chat/rows.ts': "export { default as Dexie } from 'dexie';",
  },
  'fakes-only-in-dev-pages': {
    'src/routes/fake.ts': "export { fake } from '../../tests/support/fake.ts';",
  },
  'no-circles-of-files': {
    'src/shared/hen.ts': "import { egg } from './egg.ts';\nexport const hen = () => egg;",
    'src/shared/egg.ts': "import { hen } from './hen.ts';\nexport const egg = () => hen;",
  },
  'no-circles-of-folders': {
    'src/client/north/a.ts': "export { b } from '../south/b.ts';",
    'src/client/north/c.ts': 'export const c = 1;',
    'src/client/south/b.ts': 'export const b = 2;',
    'src/client/south/d.ts': "export { c } from '../north/c.ts';",
  },
};

const root = process.cwd();
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const workshop = mkdtempSync(join(tmpdir(), 'floors-'));
afterAll(() => rmSync(workshop, { recursive: true, force: true }));

const plant = (name: string, ...trees: Tree[]): string => {
  const place = join(workshop, name);
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: unknown };
  const furniture = {
    'package.json': JSON.stringify({
      name: 'house',
      type: 'module',
      imports,
      dependencies: { dexie: '1.0.0' },
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'ESNext', moduleResolution: 'bundler' } }),
    'node_modules/dexie/package.json': JSON.stringify({
      name: 'dexie',
      version: '1.0.0',
      type: 'module',
      exports: './index.js',
    }),
    'node_modules/dexie/index.js': 'export default class Dexie {}',
  };
  for (const [file, text] of [furniture, ...trees].flatMap((tree) => Object.entries(tree))) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    writeFileSync(join(place, file), text);
  }
  copyFileSync(join(root, '.dependency-cruiser.cjs'), join(place, '.dependency-cruiser.cjs'));
  return place;
};

interface Report {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

const cruise = (place: string): Promise<Report> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'],
      { cwd: place, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as Report);
        else reject(new Error(`dependency-cruiser said: ${stderr || stdout}`, { cause: error }));
      },
    );
  });

let cleanReport: Report;
let brokenReport: Report;
beforeAll(async () => {
  const broken = plant('broken', clean, ...Object.values(violations));
  [cleanReport, brokenReport] = await Promise.all([cruise(plant('clean', clean)), cruise(broken)]);
}, 120_000);

test('the clean house passes, and all its files were looked at', () => {
  expect(cleanReport.summary.violations).toEqual([]);
  expect(cleanReport.summary.totalCruised).toBeGreaterThanOrEqual(Object.keys(clean).length);
});

test.each(Object.keys(violations))('%s bites', (rule) => {
  const caught = brokenReport.summary.violations.filter((violation) => violation.rule.name === rule);
  const planted = Object.keys(violations[rule] ?? {});
  expect(caught.map(({ from }) => from).some((from) => planted.some((file) => file.startsWith(from)))).toBe(
    true,
  );
});

test('every rule of the house has its violation here', () => {
  const rules = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
    forbidden: { name: string }[];
  };
  expect(Object.keys(violations).sort()).toEqual(rules.forbidden.map(({ name }) => name).sort());
});

test('no innocent file of the broken house is accused', () => {
  const planted = Object.values(violations).flatMap((tree) => Object.keys(tree));
  const accused = brokenReport.summary.violations.filter(
    ({ from }) => from.includes('.') && !planted.includes(from),
  );
  expect(accused).toEqual([]);
});
