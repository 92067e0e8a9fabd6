/**
 * A new version comes to all windows at once, so they agree first: the one where the person accepts asks the others to put away
 * what is being written and to say so. One where somebody is in mid-sentence answers "busy", and nothing happens. Then the new
 * service worker is let in, and every window loads anew once, at the address where it stood.
 */

/** Puts something away before the page is replaced. */
export type BeforeUpdate = () => Promise<unknown>;

/** `busy`: another window is being written in; `unkept`: a form here would be lost; `late`: the new version did not come. */
export type Taking = 'taken' | 'busy' | 'unkept' | 'late';

interface Prepare {
  readonly type: 'prepare';
  readonly round: string;
}
interface Answer {
  readonly type: 'answer';
  readonly round: string;
  readonly from: string;
  readonly word: 'ready' | 'busy';
}
type Message = Prepare | Answer;

/** What the agreement needs of the machine. */
export interface UpdatePorts {
  /** This window's name. */
  readonly name: string;
  readonly post: (message: Message) => void;
  /** Hears what other windows post. */
  readonly listen: (hear: (message: Message) => void) => void;
  /** The names of the other open windows. */
  readonly others: () => Promise<readonly string[]>;
  /** Somebody is in mid-sentence here. */
  readonly isBusy: () => boolean;
  /** Something was written here that no hook can put away. */
  readonly hasUnkept: () => boolean;
  readonly after: (ms: number, done: () => void) => () => void;
  /** Lets the waiting worker in. */
  readonly takeOver: () => void;
  /** Loads this window anew. */
  readonly reload: () => void;
  /** When this window was loaded anew for a version last, in ms; undefined: never. */
  readonly reloadedAt: { get(): number | undefined; set(at: number): void };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const ANSWER_MS = 2_000;
const PUT_AWAY_MS = 1_500;
const TAKE_OVER_MS = 15_000;
/** Two versions never follow each other this fast: whatever asks for it, it would be a loop. */
const LOOP_MS = 10_000;

export class Updates {
  readonly #ports: UpdatePorts;
  readonly #hooks = new Set<BeforeUpdate>();
  #round: { readonly id: string; hear(answer: Answer): void } | undefined;
  #isLeaving = false;
  #onreplaced: () => void = () => undefined;

  constructor(ports: UpdatePorts) {
    this.#ports = ports;
    ports.listen((message) => {
      if (message.type === 'prepare') void this.#prepare(message.round);
      else if (message.round === this.#round?.id) this.#round.hear(message);
    });
  }

  /** Has something put away before the page is replaced; answers how to end that. */
  beforeUpdate(hook: BeforeUpdate): () => void {
    this.#hooks.add(hook);
    return () => void this.#hooks.delete(hook);
  }

  /** The person wants the new version; `anyway`: also at the price of a form here. */
  async accept(anyway = false): Promise<Taking> {
    if (!anyway && this.#ports.hasUnkept()) return 'unkept';
    if (!(await this.#allReady())) return 'busy';
    await this.#putAway();
    const replaced = new Promise<boolean>((settle) => {
      this.#onreplaced = () => settle(true);
      this.#ports.after(TAKE_OVER_MS, () => settle(false));
    });
    this.#ports.takeOver();
    return (await replaced) ? 'taken' : 'late';
  }

  /** A new worker serves this window: what it has loaded is of the version before. False: it would be a loop, and stays. */
  async replaced(): Promise<boolean> {
    this.#onreplaced();
    const { reloadedAt, now } = this.#ports;
    if (this.#isLeaving) return true;
    if (Math.abs(now() - (reloadedAt.get() ?? -Infinity)) < LOOP_MS) return false;
    this.#isLeaving = true;
    reloadedAt.set(now());
    await this.#putAway();
    this.#ports.reload();
    return true;
  }

  /** Loads this window anew because the person says so. */
  async loadAnew(): Promise<void> {
    await this.#putAway();
    this.#ports.reload();
  }

  async #prepare(round: string): Promise<void> {
    const { name, post, isBusy } = this.#ports;
    const isReady = !isBusy();
    if (isReady) await this.#putAway();
    post({ type: 'answer', round, from: name, word: isReady ? 'ready' : 'busy' });
  }

  /** Asks the other windows. One that says nothing in time is asleep: it puts its things away when it is replaced. */
  async #allReady(): Promise<boolean> {
    const { name, post, others, after } = this.#ports;
    const waiting = new Set(await others());
    if (waiting.size === 0) return true;
    return new Promise((settle) => {
      const id = `${name} ${this.#ports.now()} ${Math.random()}`;
      const end = (isReady: boolean): void => {
        stop();
        this.#round = undefined;
        settle(isReady);
      };
      const stop = after(ANSWER_MS, () => end(true));
      this.#round = {
        id,
        hear({ from, word }) {
          if (word === 'busy') return end(false);
          waiting.delete(from);
          if (waiting.size === 0) end(true);
        },
      };
      post({ type: 'prepare', round: id });
    });
  }

  /** Every hook, none of them for ever; one that fails does not keep the others from their work. */
  async #putAway(): Promise<void> {
    const all = Promise.allSettled([...this.#hooks].map(async (hook) => hook()));
    await Promise.race([all, new Promise<void>((done) => void this.#ports.after(PUT_AWAY_MS, done))]);
  }
}
