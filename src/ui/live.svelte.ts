/** A value that keeps itself fresh: loads once, and again whenever its source says that something changed. */
export class Live<T> {
  value = $state.raw<T | undefined>(undefined);
  error = $state.raw<unknown>(undefined);
  loading = $state(true);

  readonly #load: () => Promise<T>;
  readonly #unsubscribe: () => void;
  #busy = false;
  #stale = false;
  #stopped = false;

  /** `load` reads the value; `subscribe` is handed a callback to call on each change and returns its own undoing. */
  constructor(load: () => Promise<T>, subscribe: (changed: () => void) => () => void) {
    this.#load = load;
    this.#unsubscribe = subscribe(() => this.#refresh());
    this.#refresh();
  }

  /** Ends it: no further loads, and a load under way is forgotten. The last value stays. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.loading = false;
    this.#unsubscribe();
  }

  #refresh(): void {
    if (this.#stopped) return;
    this.#stale = true;
    if (!this.#busy) void this.#run();
  }

  /** One load at a time; changes that arrive meanwhile are gathered into exactly one more. */
  async #run(): Promise<void> {
    this.#busy = true;
    this.loading = true;
    while (this.#stale && !this.#stopped) {
      this.#stale = false;
      await this.#once();
    }
    this.#busy = false;
    this.loading = false;
  }

  async #once(): Promise<void> {
    try {
      const value = await this.#load();
      if (this.#stopped) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (!this.#stopped) this.error = error;
    }
  }
}
