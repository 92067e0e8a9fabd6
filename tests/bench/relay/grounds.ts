/** Relays as processes of their own: the built city on each of its databases, and the peer. All on this machine's own address. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openDatabase } from '../../../src/server/db/database.ts';
import { migrateUp } from '../../../src/server/db/migrate.ts';
import { emptyPlan, refreshStatistics, writePlan } from '../../../src/server/store/plan.ts';
import { startTestPostgres } from '../../support/postgres.ts';
import { lineOf } from './lines.ts';

export interface Ground {
  readonly name: string;
  readonly url: string;
  /** Milliseconds from its start until it answered. */
  readonly startedIn: number;
  /** Memory that the process holds, in MiB. */
  memory(): number;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const memoryOf = ({ pid }: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
};

const start = (script: string, environment: Readonly<Record<string, string>>): ChildProcess => {
  const flags = process.env['RELAY_PROFILE']
    ? ['--cpu-prof', `--cpu-prof-dir=${process.env['RELAY_PROFILE']}`]
    : [];
  return spawn(process.execPath, [...flags, script], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
};

const MOST_AT_ONCE = 1000;

/** Lays stored lines into a city's database before it starts: nobody verifies what is stored. */
const fill = async (
  where: { readonly dataDir?: string; readonly databaseUrl?: string },
  lines: number,
): Promise<void> => {
  // This bundle's own copy of the thread that PGlite runs in.
  copyFileSync(
    'src/server/db/embedded-worker.mjs',
    fileURLToPath(new URL('./embedded-worker.mjs', import.meta.url)),
  );
  const opened = await openDatabase({ ...where, template: 'build/pglite-template.tar' });
  if (!opened.ok) throw new Error(opened.error.message);
  const { db, close } = opened.value;
  await migrateUp(db);
  for (let n = 0; n < lines; n += MOST_AT_ONCE) {
    const inserts = Array.from({ length: Math.min(MOST_AT_ONCE, lines - n) }, (_, i) => lineOf(n + i));
    await db
      .transaction()
      .execute((transaction) =>
        writePlan(transaction, { ...emptyPlan(), inserts }, { pubkey: '', saltOf: () => 0 }),
      );
  }
  await refreshStatistics(db);
  await close();
};

const startCity = async (
  name: string,
  folder: string,
  more: Readonly<Record<string, string>>,
  closed: () => Promise<void>,
): Promise<Ground> => {
  const port = await freePort();
  const since = performance.now();
  const child = start('build/server.js', {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    POW: 'test',
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    ...more,
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error('the city did not start');
    if ((await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined))?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const startedIn = performance.now() - since;
  const close = async (): Promise<void> => {
    await end(child);
    await closed();
    rmSync(folder, { recursive: true, force: true });
  };
  return { name, url: `ws://127.0.0.1:${port}`, startedIn, memory: () => memoryOf(child), close };
};

/** The city on its embedded database. */
export const startEmbedded = async (lines: number): Promise<Ground> => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-bench-'));
  if (lines > 0) await fill({ dataDir: folder }, lines);
  return startCity('PGlite', folder, {}, () => Promise.resolve());
};

/** The city on a PostgreSQL of its own; undefined where the machine has none. */
export const startOnPostgres = async (lines: number): Promise<Ground | undefined> => {
  const postgres = await startTestPostgres();
  if (!postgres) return undefined;
  if (lines > 0) await fill({ databaseUrl: postgres.url }, lines);
  const folder = mkdtempSync(join(tmpdir(), 'relay-bench-'));
  return startCity('PostgreSQL', folder, { DATABASE_URL: postgres.url }, () => postgres.close());
};

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version;

/** The peer asks for a package that it does not name among its own; the one that its curves came with is the one it was made for. */
const bundlePeer = async (): Promise<string> => {
  const outfile = fileURLToPath(new URL('./relay-peer.mjs', import.meta.url));
  const curves = createRequire(createRequire(import.meta.url).resolve('@noble/curves/secp256k1'));
  await build({
    entryPoints: ['tests/bench/relay/peer.worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['ws', 'tiny-secp256k1', '@sqlite.org/sqlite-wasm'],
    alias: { '@noble/hashes/sha256': curves.resolve('@noble/hashes/sha256') },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
};

/** The peer. */
export const startPeer = async (lines: number): Promise<Ground> => {
  const script = await bundlePeer();
  const port = await freePort();
  const since = performance.now();
  const child = start(script, { PORT: String(port), FILL: String(lines) });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => text.includes('ready') && resolve());
    child.once('exit', () => reject(new Error('the peer did not start')));
  });
  return {
    name: `@nostr-relay/core ${versionOf('@nostr-relay/core')} + SQLite (WebAssembly, in memory)`,
    url: `ws://127.0.0.1:${port}`,
    startedIn: performance.now() - since,
    memory: () => memoryOf(child),
    close: () => end(child),
  };
};
