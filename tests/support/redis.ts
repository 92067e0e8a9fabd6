/** A real Redis (or Valkey) for tests, started from the machine's own program; undefined where there is none. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface TestRedis {
  readonly url: string;
  /** Ends the program; what it held is gone. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

const NAMES = ['redis-server', 'valkey-server'];

const findProgram = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(':')
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(existsSync);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.on('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.on('error', () => resolve(false));
  });

const waitUntilReady = async (port: number): Promise<void> => {
  for (let i = 0; i < 100; i++) {
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('redis did not start');
};

/** Starts one that keeps nothing, on a free port. */
export const startTestRedis = async (): Promise<TestRedis | undefined> => {
  const program = findProgram();
  if (program === undefined) return undefined;
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(
      program,
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      {
        stdio: 'ignore',
      },
    );
    await waitUntilReady(port);
  };
  const stop = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  await start();
  return { url: `redis://127.0.0.1:${port}`, start, stop, close: stop };
};
