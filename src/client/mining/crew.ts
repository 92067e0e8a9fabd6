/** The workers behind a miner: spread a piece of work over all of them, go on elsewhere when one dies, rest when idle. */
import { LANE_COUNT } from './grid/nonce-layout.ts';
import type { KernelSource } from './kernels/kernel-source.ts';
import type { MiningWorker, Edition, FromMiningWorker } from './worker-messages.ts';

export interface CrewOptions {
  readonly spawn: () => MiningWorker;
  /** How many workers, asked whenever new work begins. */
  readonly size: () => number;
  /** What new workers compute with. */
  readonly kernel: () => KernelSource;
  /** Milliseconds without work until the workers are let go. */
  readonly idleMs?: number;
}

/** What one piece of work hears, never before `begin` has returned. */
export interface Watcher {
  tried(hashes: number, ms: number, lane: number): void;
  /** A nonce for this edition of the work's bytes. */
  found(nonce: string, edition: number): void;
  /** Nobody is left to work on it. */
  lost(reason: unknown): void;
}

export interface Shift {
  /** How many workers have a share of it. */
  readonly shares: number;
  /** Goes on with other bytes (a newer `created_at`) from where each share stands. */
  renew(edition: Edition): void;
  stop(): void;
}

interface Share {
  readonly lane: number;
  worker: MiningWorker;
  position: number;
}

interface Work {
  edition: Edition;
  readonly bits: number;
  readonly watcher: Watcher;
  readonly shares: Map<number, Share>;
  deaths: number;
}

const MOST_DEATHS = 3;
const IDLE_MS = 10_000;

/** A crew of mining workers. Several pieces of work share it, turn by turn. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #workers: MiningWorker[] = [];
  readonly #works = new Set<Work>();
  #nextShare = 1;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** How many pieces of work are under way. */
  get load(): number {
    return this.#works.size;
  }

  /** Gives every worker a lane of the work's nonces. */
  begin(edition: Edition, bits: number, watcher: Watcher): Shift {
    clearTimeout(this.#rest);
    const work: Work = { edition, bits, watcher, shares: new Map(), deaths: 0 };
    this.#works.add(work);
    this.#muster(work);
    return {
      shares: work.shares.size,
      renew: (newer) => this.#renew(work, newer),
      stop: () => this.#stop(work),
    };
  }

  /** Ends all workers at once; work under way is lost. */
  dispose(): void {
    clearTimeout(this.#rest);
    this.#works.clear();
    for (const worker of this.#workers.splice(0)) worker.end();
  }

  #muster(work: Work): void {
    const wanted = Math.max(1, Math.min(LANE_COUNT, Math.floor(this.#options.size())));
    if (this.#works.size === 1) for (const worker of this.#workers.splice(wanted)) worker.end();
    while (this.#workers.length < wanted && this.#hire(work) !== undefined);
    this.#workers.forEach((worker, lane) => this.#assign(work, { lane, worker, position: 0 }));
    if (work.shares.size === 0) this.#lose(work, 'no worker could be started');
  }

  #hire(work: Work): MiningWorker | undefined {
    try {
      const worker = this.#options.spawn();
      worker.onmessage = (message) => this.#hear(message);
      worker.ondeath = (reason) => this.#bury(worker, reason);
      worker.post({ type: 'equip', kernel: this.#options.kernel() });
      this.#workers.push(worker);
      return worker;
    } catch {
      work.deaths++;
      return undefined;
    }
  }

  #assign(work: Work, share: Share): void {
    const id = this.#nextShare++;
    work.shares.set(id, share);
    const { lane, position } = share;
    share.worker.post({
      type: 'start',
      order: { share: id, bits: work.bits, lane, position, ...work.edition },
    });
  }

  #hear(message: FromMiningWorker): void {
    for (const work of this.#works) {
      const share = work.shares.get(message.share);
      if (!share) continue;
      if (message.type === 'found') return work.watcher.found(message.nonce, message.edition);
      share.position = message.position;
      return work.watcher.tried(message.hashes, message.ms, share.lane);
    }
  }

  /** A dead worker's shares go to a new one; when too many died, to whoever is left. */
  #bury(dead: MiningWorker, reason: unknown): void {
    const at = this.#workers.indexOf(dead);
    if (at < 0) return;
    this.#workers.splice(at, 1);
    dead.end();
    let successor: MiningWorker | undefined;
    for (const work of this.#works) {
      const orphans = [...work.shares].filter(([, share]) => share.worker === dead);
      if (orphans.length === 0) continue;
      orphans.forEach(([id]) => work.shares.delete(id));
      if (++work.deaths <= MOST_DEATHS) successor ??= this.#hire(work);
      const heir = successor ?? this.#workers[0];
      if (!heir) this.#lose(work, reason);
      else orphans.forEach(([, share]) => this.#assign(work, { ...share, worker: heir }));
    }
  }

  #renew(work: Work, edition: Edition): void {
    if (!this.#works.has(work)) return;
    work.edition = edition;
    for (const [share, { worker }] of work.shares) worker.post({ type: 'renew', share, edition });
  }

  #stop(work: Work): void {
    if (!this.#works.delete(work)) return;
    this.#halt(work);
    if (this.#works.size > 0) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.dispose(), this.#options.idleMs ?? IDLE_MS);
  }

  #halt(work: Work): void {
    for (const [share, { worker }] of work.shares) worker.post({ type: 'stop', share });
    work.shares.clear();
  }

  #lose(work: Work, reason: unknown): void {
    this.#works.delete(work);
    this.#halt(work);
    queueMicrotask(() => work.watcher.lost(reason));
  }
}
