/** The server and the operator's commands as processes of their own, bundled from the sources as `npm start` does. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ensureTemplate } from '../../src/launch/template.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'node_modules', '.cache', 'synchrono-city', `programs-${process.pid}`);

let built: Promise<string> | undefined;

const bundle = async (): Promise<string> => {
  mkdirSync(folder, { recursive: true });
  const names = ['migrate', 'backup', 'restore', 'move', 'retention'];
  await build({
    absWorkingDir: root,
    entryPoints: {
      server: 'src/server/main.ts',
      ...Object.fromEntries(names.map((name) => [name, `src/server/commands/${name}.ts`])),
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  for (const worker of ['db/embedded-worker.mjs', 'ledger/verify-worker.mjs'])
    copyFileSync(join(root, 'src/server', worker), join(folder, basename(worker)));
  copyFileSync(await ensureTemplate(), join(folder, 'pglite-template.tar'));
  return folder;
};

/** What a process said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Program {
  readonly child: ChildProcess;
  /** Everything it said so far. */
  output(): string;
  /** Settles when it has ended. */
  readonly ended: Promise<Ended>;
}

/** Starts `server` or one of the commands with settings of its own. */
export const startProgram = async (
  name: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Program> => {
  const programs = await (built ??= bundle());
  const child = spawn(process.execPath, [join(programs, `${name}.js`), ...args], {
    env: { PATH: process.env['PATH'], POW: 'test', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output })));
  return { child, output: () => output, ended };
};

/** Runs a command to its end. */
export const runProgram = async (
  name: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Ended> => (await startProgram(name, environment, args)).ended;
