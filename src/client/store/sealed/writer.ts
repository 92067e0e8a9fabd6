/** One write after the other; what waits while one is under way goes together with the next. */

interface Waiting<Item, Answer> {
  readonly items: readonly Item[];
  resolve(answer: Answer): void;
  reject(cause: unknown): void;
}

/** Gathers what is handed in; each hand-in gets its own answer. */
export class Gatherer<Item, Answer> {
  readonly #work: (batches: readonly (readonly Item[])[]) => Promise<Answer[]>;
  readonly #turns: Turns;
  #waiting: Waiting<Item, Answer>[] = [];

  /** `work` answers each batch, in their order; when it throws, all of them fail. */
  constructor(turns: Turns, work: (batches: readonly (readonly Item[])[]) => Promise<Answer[]>) {
    this.#turns = turns;
    this.#work = work;
  }

  add(items: readonly Item[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject });
      if (this.#waiting.length === 1) void this.#turns.take(() => this.#run());
    });
  }

  async #run(): Promise<void> {
    const batches = this.#waiting.splice(0);
    try {
      const answers = await this.#work(batches.map(({ items }) => items));
      batches.forEach(({ resolve }, at) => resolve(answers[at] as Answer));
    } catch (cause) {
      for (const { reject } of batches) reject(cause);
    }
  }
}

/** Whoever takes a turn is alone in it. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
