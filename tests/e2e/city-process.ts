/** The built city as a process of its own, as `npm start` runs it, on a folder and a port of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CityOptions {
  /** `real` asks for the true price list; `test` for 4 bits. */
  readonly pow?: 'real' | 'test';
  readonly env?: Readonly<Record<string, string>>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

/** A running city; `restart` keeps the port and the data. */
export class CityProcess {
  readonly port: number;
  readonly folder: string;
  output = '';
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
  }

  /** Starts a city in a fresh folder and waits until it answers. */
  static async start(options: CityOptions = {}): Promise<CityProcess> {
    const city = new CityProcess(await freePort(), await mkdtemp(join(tmpdir(), 'city-')));
    await city.#run(options);
    return city;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get relay(): string {
    return `ws://localhost:${this.port}`;
  }

  async restart(options: CityOptions = {}): Promise<void> {
    await this.#end();
    await this.#run(options);
  }

  /** Stops the process but keeps folder and port, as a machine that went away. */
  async pause(): Promise<void> {
    await this.#end();
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #run({ pow = 'real', env = {} }: CityOptions): Promise<void> {
    const child = spawn(process.execPath, ['build/server.js'], {
      env: {
        ...process.env,
        NODE_ENV: pow === 'test' ? 'development' : 'production',
        PORT: String(this.port),
        DATA_DIR: this.folder,
        POW: pow,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    await this.#untilHealthy(child);
  }

  async #untilHealthy(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`the city ended:\n${this.output}`);
      const answer = await fetch(`${this.url}/health`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the city did not start:\n${this.output}`);
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
    this.#child = undefined;
  }
}
