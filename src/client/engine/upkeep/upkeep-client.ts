/** Upkeep as a page has it: each question under a name of its own, by which its progress comes back and it is stopped. */
import type { Job, JobProgress, Upkeep, UpkeepTask } from './upkeep.ts';

type Ask = (job: string, task: UpkeepTask) => Promise<unknown>;

export class UpkeepClient implements Upkeep {
  readonly #ask: Ask;
  readonly #jobs = new Map<string, Job>();

  /** `ask` brings a task to whoever keeps the store. */
  constructor(ask: Ask) {
    this.#ask = ask;
  }

  exportBackup: Upkeep['exportBackup'] = (passphrase, job) => this.#do({ do: 'export', passphrase }, job);
  checkBackup: Upkeep['checkBackup'] = (file, passphrase, job) =>
    this.#do({ do: 'check', file, passphrase }, job);
  importBackup: Upkeep['importBackup'] = (file, passphrase, into, job) =>
    this.#do({ do: 'import', file, passphrase, into }, job);
  rebuild: Upkeep['rebuild'] = (job) => this.#do({ do: 'rebuild' }, job);
  usage: Upkeep['usage'] = () => this.#do({ do: 'usage' });
  health: Upkeep['health'] = () => this.#do({ do: 'health' });
  dismissEviction: Upkeep['dismissEviction'] = () => this.#do({ do: 'dismiss' });

  /** Progress of any tab's jobs. */
  hear({ job, done, total }: JobProgress): void {
    this.#jobs.get(job)?.progress?.(done, total);
  }

  async #do<Answer>(task: UpkeepTask, job: Job = {}): Promise<Answer> {
    const name = crypto.randomUUID();
    const stop = (): void =>
      void this.#ask(name, { do: 'stop' }).catch((cause: unknown) => console.error('Not stopped', cause));
    this.#jobs.set(name, job);
    job.signal?.addEventListener('abort', stop, { once: true });
    try {
      const answer = this.#ask(name, task);
      if (job.signal?.aborted) stop();
      return (await answer) as Answer;
    } finally {
      job.signal?.removeEventListener('abort', stop);
      this.#jobs.delete(name);
    }
  }
}
