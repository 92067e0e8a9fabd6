/* eslint svelte/prefer-svelte-reactivity: off -- the map of tasks is bookkeeping that no component reads */
/**
 * Fetches all that was ever said in the places a person wants whole on this device: one place after the other, one page
 * at a time, in one tab; goes on after a reload and after being offline, and later fetches what was said since.
 */
import type { City } from '#client/city/city.ts';
import type { Tasks } from '#client/city/tasks.svelte.ts';
import { m } from '#messages/paraglide/messages.js';
import { groupTalkFilter } from '#protocol/groups.ts';
import { parseReason } from '#protocol/reasons.ts';
import { displayLine } from '#shared/text.ts';
import { MINUTE, systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { conversations } from '../rows/tables.ts';
import { timeout } from '../talk/deeds.svelte.ts';
import type { After } from '../talk/deeds.svelte.ts';
import { beginKeeping, keepUp, parseKeptPlaces, turnPage } from './kept-places.ts';
import type { KeptPlace } from './kept-places.ts';
import { farWords } from './keeping-words.ts';

/** What it needs of the machine. */
export interface KeeperPorts {
  /** Durable JSON of this profile, shared by all tabs. May throw: a full disk. */
  readonly memory: { read(): Promise<unknown>; write(value: unknown): Promise<void> };
  readonly locks: {
    exclusive<T>(name: string, work: () => Promise<T>): Promise<T>;
    claim(name: string, wait: boolean): Promise<(() => void) | undefined>;
  };
  /** Among the tabs. */
  readonly news: { tell(): void; hear(changed: () => void): () => void };
  /** One a profile; names the locks. */
  readonly profile: string;
  readonly tasks: Pick<Tasks, 'start'>;
  readonly clock?: Clock;
  readonly after?: After;
}

/** `catching-up`: all of it is here but what was said since. `waiting`: the city can't be reached now. */
type KeepingState = 'keeping' | 'waiting' | 'refused' | 'failed' | 'catching-up' | 'done';

/** A place as screens see it. */
export interface Keeping {
  readonly id: string;
  readonly state: KeepingState;
  /** Lines of the place on this device. */
  readonly lines: number;
  /** Unix seconds of the oldest moment fetched; undefined before the first page. */
  readonly oldest: number | undefined;
  /** The relay's words where it refused. */
  readonly words: string;
}

/** What the relay gives at most at once. */
const PAGE = 500;
const RETRY_MS = 4000;
const LONGEST_RETRY_MS = 60_000;
/** Places that were fetched this long ago (seconds) or less are not looked at again. */
const FRESH = 10 * MINUTE;

interface Trouble {
  readonly state: 'waiting' | 'refused' | 'failed';
  readonly words: string;
}

export class TalkKeeper {
  readonly #city: City;
  readonly #ports: KeeperPorts;
  readonly #clock: Clock;
  readonly #after: After;
  #places = $state.raw<readonly KeptPlace[]>([]);
  #lines = $state.raw<Readonly<Record<string, number>>>({});
  #troubles = $state.raw<Readonly<Record<string, Trouble>>>({});
  readonly #tasks = new Map<string, ReturnType<Tasks['start']>>();
  #wake: () => void = () => undefined;
  #retry = RETRY_MS;
  #isStopped = false;
  readonly #ends: (() => void)[] = [];

  constructor(city: City, ports: KeeperPorts) {
    this.#city = city;
    this.#ports = ports;
    this.#clock = ports.clock ?? systemClock;
    this.#after = ports.after ?? timeout;
  }

  /** Reads what is to be kept and goes on with it, once no other tab does. */
  async start(): Promise<void> {
    this.#ends.push(this.#ports.news.hear(() => void this.#read()));
    await this.#read();
    void this.#lead().catch((cause: unknown) => {
      if (!this.#isStopped) console.error('Keeping what was said has ended', cause);
    });
  }

  /** Ends the work of this tab; another one takes over. */
  stop(): void {
    this.#isStopped = true;
    this.#ends.forEach((end) => end());
    for (const id of [...this.#tasks.keys()]) this.#endTask(id);
    this.#wake();
  }

  /** How it stands with a place; undefined: nobody asked for it. Reactive. */
  of(id: string): Keeping | undefined {
    const place = this.#places.find((one) => one.id === id);
    if (!place) return undefined;
    const trouble = this.#troubles[id];
    const whole = place.since > 0 ? 'catching-up' : 'keeping';
    return {
      id,
      state: place.isDone ? 'done' : (trouble?.state ?? whole),
      lines: this.#lines[id] ?? 0,
      oldest: place.oldest,
      words: trouble?.words ?? '',
    };
  }

  /** True where all that was ever said is here, but perhaps for what was said since. Reactive. */
  hasWhole(id: string): boolean {
    return this.#places.some((place) => place.id === id && (place.isDone || place.since > 0));
  }

  /** Everything said in this place is wanted here. */
  async keep(id: string, name: string): Promise<void> {
    this.#forgive(id);
    await this.#change((places) =>
      places.some((place) => place.id === id)
        ? places
        : [...places, beginKeeping(id, name, this.#clock.now())],
    );
  }

  /** No more of it; what is here stays. */
  async cancel(id: string): Promise<void> {
    await this.#change((places) => places.filter((place) => place.id !== id));
  }

  /** Asks again where the city refused. */
  tryAgain(id: string): void {
    this.#forgive(id);
    this.#wake();
  }

  async #lead(): Promise<void> {
    const { locks, profile } = this.#ports;
    const release = await locks.claim(`keeping ${profile}`, true);
    this.#ends.push(() => release?.());
    if (this.#isStopped) return release?.();
    await this.#keepUp();
    while (!this.#isStopped) {
      const place = this.#places.find(({ id, isDone }) => !isDone && !this.#isRefused(id));
      if (place) await this.#page(place);
      else await this.#sleep();
    }
  }

  async #keepUp(): Promise<void> {
    const now = this.#clock.now();
    const isDue = (place: KeptPlace): boolean => place.isDone && now - place.begunAt > FRESH;
    if (!this.#places.some(isDue)) return;
    await this.#change((places) => places.map((place) => (isDue(place) ? keepUp(place, now) : place)));
  }

  async #page(place: KeptPlace): Promise<void> {
    const { id, until, since } = place;
    this.#showTask(place);
    const page = { until, limit: PAGE, ...(since > 0 ? { since } : {}) };
    const report = await this.#city.fetch({ filters: [groupTalkFilter(id, page)] }).catch(() => undefined);
    if (this.#isStopped) return;
    if (!report) return this.#trouble(id, { state: 'failed', words: '' });
    if (!report.ok && report.error.code === 'refused')
      return this.#trouble(id, {
        state: 'refused',
        words: displayLine(parseReason(report.error.message).message, 160),
      });
    if (!report.ok) return this.#wait(id);
    this.#forgive(id);
    this.#retry = RETRY_MS;
    const { oldest } = report.value;
    await this.#change((places) =>
      places.map((one) => (one.id === id && one.until === until ? turnPage(one, oldest) : one)),
    );
  }

  /** The city can't be reached: tries again, later and later. */
  async #wait(id: string): Promise<void> {
    this.#trouble(id, { state: 'waiting', words: '' });
    await this.#sleep(this.#retry);
    this.#retry = Math.min(2 * this.#retry, LONGEST_RETRY_MS);
  }

  #sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = ms === undefined ? undefined : this.#after(ms, () => resolve());
      this.#wake = () => {
        cancel?.();
        resolve();
      };
    });
  }

  #isRefused(id: string): boolean {
    const state = this.#troubles[id]?.state;
    return state === 'refused' || state === 'failed';
  }

  #trouble(id: string, trouble: Trouble): void {
    this.#troubles = { ...this.#troubles, [id]: trouble };
    const place = this.#places.find((one) => one.id === id);
    if (trouble.state !== 'waiting') this.#endTask(id);
    else if (place) this.#tasks.get(id)?.update(m.chat_keep_waiting());
  }

  #forgive(id: string): void {
    if (!this.#troubles[id]) return;
    const { [id]: _gone, ...rest } = this.#troubles;
    this.#troubles = rest;
  }

  /** Changes what is remembered, one tab at a time, and tells the others. */
  async #change(next: (places: readonly KeptPlace[]) => readonly KeptPlace[]): Promise<void> {
    const { memory, locks, news, profile } = this.#ports;
    await locks.exclusive(`kept places ${profile}`, async () => {
      const places = next(parseKeptPlaces(await memory.read()));
      await memory.write(places);
      await this.#show(places);
    });
    news.tell();
  }

  async #read(): Promise<void> {
    if (!this.#isStopped) await this.#show(parseKeptPlaces(await this.#ports.memory.read()));
  }

  async #show(places: readonly KeptPlace[]): Promise<void> {
    const rows = await this.#city.getMany(
      conversations,
      places.map(({ id }) => id),
    );
    this.#lines = Object.fromEntries(places.map(({ id }, index) => [id, rows[index]?.lines ?? 0]));
    this.#places = places;
    for (const id of [...this.#tasks.keys()])
      if (!places.some((place) => place.id === id && !place.isDone)) this.#endTask(id);
    for (const place of places) if (this.#tasks.has(place.id)) this.#showTask(place);
    this.#wake();
  }

  /** In the tray, while this tab works on all of a place. */
  #showTask({ id, name, since }: KeptPlace): void {
    if (since > 0) return;
    const task =
      this.#tasks.get(id) ?? this.#ports.tasks.start(m.chat_keep_task({ name }), () => void this.cancel(id));
    this.#tasks.set(id, task);
    const keeping = this.of(id);
    if (keeping) task.update(farWords(keeping.lines, keeping.oldest));
  }

  #endTask(id: string): void {
    this.#tasks.get(id)?.end();
    this.#tasks.delete(id);
  }
}
