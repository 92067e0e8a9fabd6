/**
 * Catching up on start and on wake: each time a relay is there again, every place that this person belongs to is made whole
 * once. Beside what pages ask for; in the worker.
 */
import type { LinkState } from '../ports.ts';
import { catchUpPlace } from './catch-up-place.ts';
import type { CaughtUp } from './catch-up-place.ts';
import { parseRemembered } from './cursor.ts';
import type { Remembered } from './cursor.ts';
import type { Followed, SyncPorts } from './ports.ts';

export interface CatchUpPorts extends SyncPorts {
  stateOf(relay: string): LinkState;
  /** Who is signed in, proven to the city's relay; undefined for nobody. */
  whoAmI(): Promise<string | undefined>;
  /** The places of whoever has this key. */
  followed(me: string): Promise<readonly Followed[]>;
  /** What is kept between runs, sealed. */
  readonly memory: { read(): Promise<unknown>; write(value: unknown): Promise<void> };
}

/** What a run came to. */
export interface CatchUpReport {
  /** Places made whole, now or before on this connection. */
  readonly whole: number;
  /** Places whose relay refused, or could not be reached. */
  readonly missed: number;
}

/** Milliseconds in which several reasons to run become one. */
const SOON = 200;
/** Milliseconds before another try where a relay did not answer. */
const RETRY = 60_000;
/** Places that are asked about at once. */
const AT_ONCE = 4;

const keyOf = ({ relay, place }: Followed): string => `${relay} ${place}`;

export class CatchUp {
  readonly #ports: CatchUpPorts;
  /** Made whole since their relay was last reached. */
  readonly #whole = new Set<string>();
  /** How often a relay was reached: what began before it was reached again does not count. */
  readonly #openings = new Map<string, number>();
  #remembered: Remembered | undefined;
  #running: Promise<CatchUpReport> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(ports: CatchUpPorts) {
    this.#ports = ports;
  }

  /** A relay is there (again): whatever happened meanwhile has to be asked for. */
  reopened(relay: string): void {
    this.#openings.set(relay, (this.#openings.get(relay) ?? 0) + 1);
    for (const key of [...this.#whole]) if (key.startsWith(`${relay} `)) this.#whole.delete(key);
    this.soon();
  }

  /** There may be more places, or more that may be asked: those not yet whole get their turn in a moment. */
  soon(wait = SOON): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run().catch(this.#fail), wait);
  }

  /** All places that are not whole yet, now; for a wake in the background too. Resolves when everything is in the store. */
  async run(): Promise<CatchUpReport> {
    await this.#running?.catch(() => undefined);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  readonly #fail = (cause: unknown): void => {
    if (!this.#isStopped) console.error('Catching up failed', cause);
  };

  async #run(): Promise<CatchUpReport> {
    const { memory, whoAmI, followed } = this.#ports;
    const before = (this.#remembered ??= parseRemembered(await memory.read()));
    const me = (await whoAmI()) ?? before.me;
    const all = me === undefined ? [] : await followed(me);
    const waiting = all.filter((one) => !this.#whole.has(keyOf(one)));
    const answers = await this.#each(waiting, before);
    const isNews = answers.some(({ ok }) => ok) || me !== before.me;
    if (isNews && !this.#isStopped) await this.#remember({ ...before, me });
    if (answers.some((answer) => !answer.ok && answer.error.code === 'unreachable')) this.soon(RETRY);
    const whole = all.filter((one) => this.#whole.has(keyOf(one))).length;
    return { whole, missed: all.length - whole };
  }

  async #remember(remembered: Remembered): Promise<void> {
    this.#remembered = remembered;
    const { cursors, me } = remembered;
    await this.#ports.memory.write({ cursors: Object.fromEntries(cursors), me });
  }

  /** Some at once, each in its turn; none once a relay is gone. */
  async #each(waiting: readonly Followed[], { cursors }: Remembered): Promise<CaughtUp[]> {
    const line = waiting.values();
    const answers: CaughtUp[] = [];
    const work = async (): Promise<void> => {
      for (const one of line) {
        if (this.#isStopped || this.#ports.stateOf(one.relay) !== 'open') continue;
        const key = keyOf(one);
        const opening = this.#openings.get(one.relay);
        const answer = await catchUpPlace(this.#ports, one, cursors.get(key));
        answers.push(answer);
        if (!answer.ok) continue;
        cursors.set(key, answer.value);
        if (opening === this.#openings.get(one.relay)) this.#whole.add(key);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return answers;
  }
}
