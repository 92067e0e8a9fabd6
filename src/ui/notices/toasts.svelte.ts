/** Short messages that go by themselves, with one chance to undo. */

type ToastTone = 'info' | 'ok' | 'warn' | 'danger';

/** What a caller says. Times in ms. */
export interface ToastWish {
  readonly text: string;
  readonly tone?: ToastTone | undefined;
  readonly undo?: (() => void) | undefined;
  readonly undoLabel?: string | undefined;
  readonly timeout?: number | undefined;
}

/** A message on show. */
export interface Toast extends ToastWish {
  readonly id: number;
  readonly tone: ToastTone;
}

/** The clock that the queue counts with; ms. */
export interface ToastClock {
  now(): number;
  after(ms: number, done: () => void): () => void;
}

const STAY = 6_000;
const STAY_WITH_UNDO = 10_000;
const MOST = 3;

const windowClock: ToastClock = {
  now: () => performance.now(),
  after(ms, done) {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  },
};

interface Countdown {
  left: number;
  since: number;
  cancel: () => void;
}

/** The toasts on show, oldest first, at most three; the oldest makes room. */
export class ToastQueue {
  list = $state.raw<readonly Toast[]>([]);

  readonly #clock: ToastClock;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nobody looks at the countdowns
  readonly #countdowns = new Map<number, Countdown>();
  #last = 0;
  #paused = false;

  constructor(clock: ToastClock = windowClock) {
    this.#clock = clock;
  }

  /** Shows a message; the same text on show already is replaced, not doubled. */
  show(wish: ToastWish): number {
    const id = ++this.#last;
    const same = this.list.find((toast) => toast.text === wish.text && !toast.undo);
    if (same) this.dismiss(same.id);
    while (this.list.length >= MOST && this.list[0]) this.dismiss(this.list[0].id);
    this.list = [...this.list, { ...wish, id, tone: wish.tone ?? 'info' }];
    this.#countdowns.set(id, {
      left: wish.timeout ?? (wish.undo ? STAY_WITH_UNDO : STAY),
      since: this.#clock.now(),
      cancel: () => undefined,
    });
    if (!this.#paused) this.#run(id);
    return id;
  }

  /** Takes a message away; unknown ids are no matter. */
  dismiss(id: number): void {
    this.#countdowns.get(id)?.cancel();
    this.#countdowns.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Undoes what the message told of, once. */
  undo(id: number): void {
    const toast = this.list.find((one) => one.id === id);
    this.dismiss(id);
    toast?.undo?.();
  }

  /** Holds every countdown, while a pointer or the focus is on the messages. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    for (const countdown of this.#countdowns.values()) {
      countdown.cancel();
      countdown.left -= this.#clock.now() - countdown.since;
    }
  }

  /** Goes on counting where it held, with at least two seconds left to look. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (const [id, countdown] of this.#countdowns) {
      countdown.left = Math.max(countdown.left, 2_000);
      this.#run(id);
    }
  }

  #run(id: number): void {
    const countdown = this.#countdowns.get(id);
    if (!countdown) return;
    countdown.since = this.#clock.now();
    countdown.cancel = this.#clock.after(countdown.left, () => this.dismiss(id));
  }
}
