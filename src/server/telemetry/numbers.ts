/** What is counted and timed while the city runs, for Prometheus: numbers only, nothing about anybody. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import * as kinds from '#protocol/kinds.ts';
import { parseReason } from '#protocol/reasons.ts';
import { formatMetrics } from './metrics.ts';
import type { Metric } from './metrics.ts';

/** The relay's side: how events and questions were answered. Times are `performance.now()`, milliseconds. */
export interface RelayNumbers {
  /** An `OK`: the event's kind, NIP-01's words, when the event came. */
  event(kind: number, accepted: boolean, words: string, since: number): void;
  /** An `EOSE`: when the question came. */
  question(since: number): void;
}

/** The ledger's side. */
export interface LedgerNumbers {
  /** A commit of so many events: when it began. */
  commit(events: number, since: number): void;
}

/** Kinds that have a name here; every other is `other`, so that strangers cannot make series without end. */
const KNOWN_KINDS: ReadonlySet<number> = new Set(
  Object.values<unknown>(kinds).filter((value) => typeof value === 'number'),
);

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** `duplicate` may be said of what is accepted; else the words of an accepted event say nothing. */
const answerOf = (accepted: boolean, words: string): string => {
  if (words === '') return accepted ? 'accepted' : 'error';
  const { code } = parseReason(words);
  return accepted && code !== 'duplicate' ? 'accepted' : code;
};

const secondsSince = (since: number): number => (performance.now() - since) / 1000;

export class CityNumbers implements RelayNumbers, LedgerNumbers {
  readonly #registry = new Registry();
  readonly #events: Counter<'kind' | 'answer'>;
  readonly #answering: Histogram;
  readonly #asking: Histogram;
  readonly #committing: Histogram;
  readonly #batches: Histogram;
  readonly #loop = monitorEventLoopDelay({ resolution: 20 });

  constructor(version: string) {
    const registers = [this.#registry];
    const timed = (name: string, help: string) =>
      new Histogram({ name: `city_${name}`, help, buckets: SECONDS, registers });
    this.#events = new Counter({
      name: 'city_events_total',
      help: 'Events from clients, by kind and answer.',
      labelNames: ['kind', 'answer'],
      registers,
    });
    this.#answering = timed('event_answer_seconds', 'From an event to its OK.');
    this.#asking = timed('question_answer_seconds', 'From a REQ to its EOSE.');
    this.#committing = timed('commit_seconds', 'How long a commit took.');
    this.#batches = new Histogram({
      name: 'city_commit_events',
      help: 'Events committed together.',
      buckets: SIZES,
      registers,
    });
    const build = new Gauge({
      name: 'city_build_info',
      help: 'What runs.',
      labelNames: ['version', 'node'],
      registers,
    });
    build.set({ version, node: process.versions.node }, 1);
    this.#loop.enable();
  }

  event(kind: number, accepted: boolean, words: string, since: number): void {
    const name = KNOWN_KINDS.has(kind) ? String(kind) : 'other';
    this.#events.inc({ kind: name, answer: answerOf(accepted, words) });
    this.#answering.observe(secondsSince(since));
  }

  question(since: number): void {
    this.#asking.observe(secondsSince(since));
  }

  commit(events: number, since: number): void {
    this.#committing.observe(secondsSince(since));
    this.#batches.observe(events);
  }

  /** Everything in Prometheus' text format, with numbers that others read when they are asked. */
  async text(others: readonly Metric[]): Promise<string> {
    return `${await this.#registry.metrics()}\n${formatMetrics([...this.#ofProcess(), ...others])}`;
  }

  /** Delays of the event loop are those since the last asking. */
  #ofProcess(): Metric[] {
    const gauge = (name: string, help: string, value: number): Metric => ({
      name,
      help,
      value,
      type: 'gauge',
    });
    const delay = (of: string, nanoseconds: number) =>
      gauge(`event_loop_delay_${of}_seconds`, `Delay of the event loop, ${of}.`, nanoseconds / 1e9 || 0);
    const loop = this.#loop;
    const numbers = [
      gauge('memory_resident_bytes', 'Memory of the process.', process.memoryUsage.rss()),
      gauge('memory_heap_bytes', 'Memory that values take.', process.memoryUsage().heapUsed),
      gauge('uptime_seconds', 'Since the process began.', process.uptime()),
      delay('median', loop.percentile(50)),
      delay('p99', loop.percentile(99)),
      delay('most', loop.max),
    ];
    loop.reset();
    return numbers;
  }

  close(): void {
    this.#loop.disable();
  }
}
