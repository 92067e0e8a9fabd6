/** What the city does on its own (refreshing counts, retention, backups), written down for its operators: every process and command writes here. */
import { sql } from 'kysely';
import type { Clock } from '#shared/time.ts';
import type { Database } from '../db/database.ts';

/** Times in Unix seconds; progress from 0 to 1. */
export interface Job {
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly progress?: number;
  /** In one line: what came of it, or why nothing did. */
  readonly result?: string;
}

/** Says how far it is, 0 to 1. */
export type Report = (progress: number) => void;

const REPORT_EVERY_MS = 1000;

/** The last run of each job, by name. */
export class JobBook {
  #db: Database;
  #clock: Clock;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Does the work and writes down that it runs, how far it is, and how it ended (its own words). Throws what the work throws. */
  async run(name: string, work: (report: Report) => Promise<string>): Promise<string> {
    await this.#begin(name);
    let told = 0;
    const report: Report = (progress) => {
      if (Date.now() - told < REPORT_EVERY_MS) return;
      told = Date.now();
      void this.#set(name, { progress }).catch(() => undefined);
    };
    try {
      const result = await work(report);
      await this.#set(name, { state: 'done', progress: 1, ended_at: this.#clock.now(), result });
      return result;
    } catch (cause) {
      const result = cause instanceof Error ? cause.message : String(cause);
      await this.#set(name, { state: 'failed', ended_at: this.#clock.now(), result }).catch(() => undefined);
      throw cause;
    }
  }

  /** When a job last came to an end, Unix seconds; undefined: never. Throws on I/O. */
  async endOf(name: string): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('city_jobs')
      .select('ended_at')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.ended_at ?? undefined;
  }

  /** All jobs, the newest first. Throws on I/O. */
  async list(): Promise<Job[]> {
    const rows = await this.#db.selectFrom('city_jobs').selectAll().orderBy('started_at', 'desc').execute();
    return rows.map(({ name, state, started_at, ended_at, progress, result }) => ({
      ...{ name, state, startedAt: started_at },
      ...(ended_at === null ? {} : { endedAt: ended_at }),
      ...(progress === null ? {} : { progress }),
      ...(result === null ? {} : { result }),
    }));
  }

  async #begin(name: string): Promise<void> {
    const now = this.#clock.now();
    await sql`insert into city_jobs (name, state, started_at) values (${name}, 'running', ${now})
      on conflict (name) do update set state = 'running', started_at = ${now}, ended_at = null, progress = null,
        result = null`.execute(this.#db);
  }

  async #set(
    name: string,
    values: Partial<{ state: Job['state']; progress: number; ended_at: number; result: string }>,
  ): Promise<void> {
    await this.#db.updateTable('city_jobs').set(values).where('name', '=', name).execute();
  }
}
