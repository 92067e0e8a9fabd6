/** Who takes part in the race: something that keeps events, in a worker of its own. */
import * as Comlink from 'comlink';
import { Town } from './town.ts';
import type { Delivery, TownPlan } from './town.ts';

/** As many together as the app's intake hands to its store when much comes. */
const BATCH = 256;

export interface Contestant {
  /** Keeps one batch; resolves once it is committed. What it has already is not kept twice. */
  take(batch: readonly Delivery[]): Promise<void>;
  /** Brings everything to the disk that is not there yet. */
  settle(): Promise<void>;
  /** How many events it has. */
  held(): Promise<number>;
}

/** What the bench's page asks of a contestant's worker. */
export class Course {
  readonly #contestant: Promise<Contestant>;
  #town: Town | undefined;
  #batches: Delivery[][] = [];

  constructor(contestant: Promise<Contestant>) {
    this.#contestant = contestant;
  }

  /** Has the next events ready, outside of any clock. Resolves to how many deliveries they are. */
  async prepare(plan: TownPlan, count: number): Promise<number> {
    await this.#contestant;
    this.#town ??= new Town(plan);
    const deliveries = this.#town.deliver(count);
    this.#batches = [];
    for (let at = 0; at < deliveries.length; at += BATCH)
      this.#batches.push(deliveries.slice(at, at + BATCH));
    return deliveries.length;
  }

  /** Keeps what was prepared, batch by batch; resolves to milliseconds. */
  async take(isLast: boolean): Promise<number> {
    const contestant = await this.#contestant;
    const began = performance.now();
    for (const batch of this.#batches) await contestant.take(batch);
    if (isLast) await contestant.settle();
    return performance.now() - began;
  }

  async held(): Promise<number> {
    return (await this.#contestant).held();
  }
}

/** Lets the page call the worker's functions. */
export const expose = (functions: object): void => Comlink.expose(functions);
