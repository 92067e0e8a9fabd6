/** The workers behind a miner: spread a piece of work over all of them, go on elsewhere when one dies, rest when idle. */
import type { MiningWorker, FromMiningWorker } from './worker-messages.ts';
import { FIRST_LANE, LANE_SIZE, LAST_LANE } from './work-parts.ts';
import type { WorkParts } from './work-parts.ts';

export interface CrewOptions {
  readonly spawn: () => MiningWorker;
  /** How many workers, asked whenever new work begins. */
  readonly size: () => number;
  /** Milliseconds without work until the workers are let go. */
  readonly idleMs?: number;
}

/** What one piece of work hears, never before `begin` has returned. */
export interface Watcher {
  tried(hashes: number, ms: number, share: number): void;
  found(nonce: number): void;
  /** Nobody is left to work on it. */
  lost(reason: unknown): void;
}

export interface Shift {
  /** How many workers have a share of it. */
  readonly shares: number;
  /** Goes on with other bytes (a newer `created_at`) from where each share stands. */
  renew(parts: WorkParts): void;
  stop(): void;
}

interface Share {
  readonly index: number;
  worker: MiningWorker;
  next: number;
}

interface Work {
  parts: WorkParts;
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
  #nextLane = 1;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Gives every worker a share of the work, disjoint from the others'. */
  begin(parts: WorkParts, bits: number, watcher: Watcher): Shift {
    clearTimeout(this.#rest);
    const work: Work = { parts, bits, watcher, shares: new Map(), deaths: 0 };
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
    const wanted = Math.max(1, Math.min(LAST_LANE - FIRST_LANE, Math.floor(this.#options.size())));
    if (this.#works.size === 1) for (const worker of this.#workers.splice(wanted)) worker.end();
    while (this.#workers.length < wanted && this.#hire(work) !== undefined);
    this.#workers.forEach((worker, index) => {
      this.#assign(work, { index, worker, next: (FIRST_LANE + index) * LANE_SIZE });
    });
    if (work.shares.size === 0) this.#lose(work, 'no worker could be started');
  }

  #hire(work: Work): MiningWorker | undefined {
    try {
      const worker = this.#options.spawn();
      worker.onmessage = (message) => this.#hear(message);
      worker.ondeath = (reason) => this.#bury(worker, reason);
      this.#workers.push(worker);
      return worker;
    } catch {
      work.deaths++;
      return undefined;
    }
  }

  #assign(work: Work, share: Share): void {
    const lane = this.#nextLane++;
    work.shares.set(lane, share);
    share.worker.post({
      type: 'start',
      order: {
        lane,
        bits: work.bits,
        start: share.next,
        prefix: work.parts.prefix,
        suffix: work.parts.suffix,
      },
    });
  }

  #hear(message: FromMiningWorker): void {
    for (const work of this.#works) {
      const share = work.shares.get(message.lane);
      if (!share) continue;
      if (message.type === 'found') return work.watcher.found(message.nonce);
      share.next = message.next;
      return work.watcher.tried(message.hashes, message.ms, share.index);
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
      orphans.forEach(([lane]) => work.shares.delete(lane));
      if (++work.deaths <= MOST_DEATHS) successor ??= this.#hire(work);
      const heir = successor ?? this.#workers[0];
      if (!heir) this.#lose(work, reason);
      else orphans.forEach(([, share]) => this.#assign(work, { ...share, worker: heir }));
    }
  }

  #renew(work: Work, parts: WorkParts): void {
    if (!this.#works.has(work)) return;
    work.parts = parts;
    const shares = [...work.shares.values()];
    this.#halt(work);
    shares.forEach((share) => this.#assign(work, share));
  }

  #stop(work: Work): void {
    if (!this.#works.delete(work)) return;
    this.#halt(work);
    if (this.#works.size > 0) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.dispose(), this.#options.idleMs ?? IDLE_MS);
  }

  #halt(work: Work): void {
    for (const [lane, { worker }] of work.shares) worker.post({ type: 'stop', lane });
    work.shares.clear();
  }

  #lose(work: Work, reason: unknown): void {
    this.#works.delete(work);
    this.#halt(work);
    queueMicrotask(() => work.watcher.lost(reason));
  }
}
