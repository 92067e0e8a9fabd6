/** PGlite in a worker thread behind the face of a `pg.Pool`, as Kysely's PostgreSQL dialect wants it. */
import { Worker } from 'node:worker_threads';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';

export interface EmbeddedOptions {
  /** Folder of the database; undefined: in memory. */
  readonly dataDir?: string;
  /** A `dumpDataDir` archive for a fresh database: about 0.5 s instead of 3. */
  readonly template?: string;
}

interface Answer {
  readonly id: number;
  readonly rows: unknown[];
  readonly affected: number;
  readonly error?: { readonly message: string; readonly code?: string };
}
type Ready = { readonly ready: boolean; readonly error?: { readonly message: string } };

/** An error of the database with PostgreSQL's five-character code. */
class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: string | undefined;
  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

const started = (worker: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: Ready) => {
      worker.off('error', reject);
      if (message.ready) resolve();
      else reject(new DatabaseError(message.error?.message ?? 'the embedded database did not start'));
    });
  });

type Pending = { resolve(answer: Answer): void; reject(cause: Error): void };

/** One thread, one connection: questions are answered in the order of asking. */
class Line {
  #worker: Worker;
  #pending = new Map<number, Pending>();
  #next = 1;
  #broken: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.on('error', (cause: unknown) =>
      this.#fail(cause instanceof Error ? cause : new Error(String(cause))),
    );
    worker.on('exit', () => this.#fail(new DatabaseError('the embedded database has stopped')));
  }

  ask(message: Readonly<Record<string, unknown>>): Promise<Answer> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (answer.error) pending?.reject(new DatabaseError(answer.error.message, answer.error.code));
    else pending?.resolve(answer);
  }

  #fail(cause: Error): void {
    this.#broken = cause;
    for (const pending of this.#pending.values()) pending.reject(cause);
    this.#pending.clear();
  }
}

const commandOf = (sql: string): 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' => {
  const word = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase();
  return word === 'INSERT' || word === 'UPDATE' || word === 'DELETE' || word === 'MERGE' ? word : 'SELECT';
};

class EmbeddedPool implements PostgresPool {
  #line: Line;
  #tail: Promise<void> = Promise.resolve();
  #ended: Promise<void> | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  /** Waits until nobody else holds the one connection. */
  async connect(): Promise<PostgresPoolClient> {
    const before = this.#tail;
    let release: () => void = () => undefined;
    this.#tail = new Promise((resolve) => (release = resolve));
    await before;
    const query = async (sql: string, parameters: readonly unknown[] = []) => {
      const { rows, affected } = await this.#line.ask({ sql, parameters });
      return { command: commandOf(sql), rowCount: affected, rows } as PostgresQueryResult<unknown>;
    };
    // Kysely's type has a second form of `query`, for cursors; we ask for none.
    return { query: query as PostgresPoolClient['query'], release };
  }

  end(): Promise<void> {
    this.#ended ??= this.#tail.then(() => this.#line.ask({ close: true })).then(() => undefined);
    return this.#ended;
  }
}

/** Starts the embedded database; throws when its files cannot be opened. */
export const openEmbedded = async ({ dataDir, template }: EmbeddedOptions): Promise<PostgresPool> => {
  const entry = new URL('./embedded-worker.mjs', import.meta.url);
  const worker = new Worker(entry, { workerData: { dataDir, template } });
  await started(worker);
  return new EmbeddedPool(new Line(worker));
};
