/** A real PostgreSQL for tests: `TEST_DATABASE_URL`, or one started from the machine's own programs; undefined where there is none. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface TestPostgres {
  readonly url: string;
  /** Ends the program, its data stays; `sudden`: as if the power had gone. */
  stop(sudden?: boolean): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const folders = (): string[] => {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  return [
    ...versions.map((version) => `${debian}/${version}/bin`),
    '/usr/local/bin',
    '/usr/bin',
    '/opt/homebrew/bin',
  ];
};

const findPrograms = (): string | undefined =>
  folders().find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** PostgreSQL refuses to run as root: there it runs as `nobody`. */
const asNobody = () => {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
};

const waitUntilReady = async (ready: () => boolean): Promise<boolean> => {
  for (let i = 0; i < 300; i++) {
    if (ready()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
};

/** Starts a fresh, empty PostgreSQL in a temporary folder. */
export const startTestPostgres = async (): Promise<TestPostgres | undefined> => {
  const given = process.env['TEST_DATABASE_URL'];
  if (given)
    return {
      url: given,
      stop: () => Promise.reject(new Error('the database of TEST_DATABASE_URL is not ours to stop')),
      start: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  const programs = findPrograms();
  if (!programs) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'pg-'));
  const user = asNobody();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const options = { ...user, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } };
  const data = join(folder, 'data');
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'city', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      ...options,
      stdio: 'ignore',
    },
  );
  const port = await freePort();
  const settings = [
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    'fsync=off',
    '-c',
    'listen_addresses=127.0.0.1',
  ];
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const began = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = began;
    let log = '';
    began.stderr.on('data', (text: Buffer) => (log += text.toString()));
    if (!(await waitUntilReady(() => log.includes('ready to accept connections')))) throw new Error(log);
  };
  const stop = async (sudden = false): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(sudden ? 'SIGQUIT' : 'SIGINT');
    await ended;
  };
  await start();
  return {
    url: `postgres://city@127.0.0.1:${port}/postgres`,
    start,
    stop,
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
