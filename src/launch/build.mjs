// Builds what changed: the base map's and the demo's data, the app (Vite) and the server (esbuild), into build/.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeFirstScreen } from './first-screen.mjs';
import { writeIntegrity } from './integrity.mjs';
import { readStamp, stampOf, writeStamp } from './stamp.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const at = (path) => `${root}${path}`;

const shared = ['package-lock.json', 'package.json', 'src/shared', 'src/protocol', 'src/launch'];
const appFolders = ['app', 'client', 'features', 'messages', 'routes', 'service-worker', 'ui', 'workers'];
const appInputs = [
  ...shared,
  ...appFolders.map((folder) => `src/${folder}`),
  'src/app.html',
  'static',
  'svelte.config.js',
  'vite.config.ts',
].map(at);
const serverInputs = [...shared, 'src/server'].map(at);

/** What `npm run <name>` runs beside the server. */
const commands = ['migrate', 'backup', 'restore', 'move', 'retention'];

const APP_STAMP = at('build/app.stamp');
const SERVER_STAMP = at('build/server.stamp');

const viteBuild = () =>
  new Promise((resolve, reject) => {
    const output = [];
    const child = spawn(
      process.execPath,
      [at('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child.stdout.on('data', (data) => output.push(data));
    child.stderr.on('data', (data) => output.push(data));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(output));
      reject(new Error('The app could not be built (see above).'));
    });
  });

const buildApp = async (stamp) => {
  console.log('Building the app …');
  rmSync(APP_STAMP, { force: true });
  rmSync(SERVER_STAMP, { force: true }); // Vite empties build/
  await viteBuild();
  writeFirstScreen(at('build'), at('.svelte-kit/output/client/.vite/manifest.json'));
  writeIntegrity(at('build'));
  writeStamp(APP_STAMP, stamp);
};

const provide = (from, to) => {
  rmSync(to, { force: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
};

const buildServer = async (stamp) => {
  rmSync(SERVER_STAMP, { force: true });
  const { build: bundle } = await import('esbuild');
  await bundle({
    entryPoints: {
      server: at('src/server/main.ts'),
      ...Object.fromEntries(commands.map((name) => [name, at(`src/server/commands/${name}.ts`)])),
    },
    outdir: at('build'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
  });
  for (const worker of ['db/embedded-worker.mjs', 'ledger/verify-worker.mjs'])
    copyFileSync(at(`src/server/${worker}`), at(`build/${basename(worker)}`));
  const { ensureTemplate } = await import('./template.mjs');
  provide(await ensureTemplate(), at('build/pglite-template.tar'));
  writeStamp(SERVER_STAMP, stamp);
};

const prepareData = async () => {
  const { buildMapData } = await import('./build-map-data.mjs');
  const { buildDemoData } = await import('./build-demo-data.mjs');
  await buildMapData();
  await buildDemoData();
};

/** Builds what is missing or older than its sources. Throws with one sentence when something can't be built. */
export const build = async () => {
  const appStamp = stampOf(appInputs);
  const serverStamp = stampOf(serverInputs);
  const appFresh = readStamp(APP_STAMP) === appStamp && existsSync(at('build/handler.js'));
  const serverFresh = readStamp(SERVER_STAMP) === serverStamp && existsSync(at('build/server.js'));
  if (appFresh && serverFresh) return;
  await prepareData();
  if (!appFresh) await buildApp(appStamp);
  if (!appFresh || !serverFresh) await buildServer(serverStamp);
};

/** The server without its pages: for measuring the relay. Throws with one sentence when it can't be built. */
export const buildRelay = async () => {
  const stamp = stampOf(serverInputs);
  if (readStamp(SERVER_STAMP) !== stamp || !existsSync(at('build/server.js'))) await buildServer(stamp);
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await build();
