/** Events sent to one relay, waiting for their `OK`. */

/** Milliseconds. */
const ANSWER_TIMEOUT = 15_000;

/** The relay's word on an event, or that there was none. */
export type Outcome =
  | { readonly outcome: 'accepted'; readonly note: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'no-answer' };

export class Publications {
  readonly #waiting = new Map<string, { settle(outcome: Outcome): void; answer: Promise<Outcome> }>();

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** The answer to an event sent just now; one promise for all who ask while it is under way. */
  expect(id: string): Promise<Outcome> {
    const known = this.#waiting.get(id);
    if (known) return known.answer;
    let settle: (outcome: Outcome) => void = () => undefined;
    const answer = new Promise<Outcome>((resolve) => (settle = resolve));
    const timer = setTimeout(() => this.#settle(id, { outcome: 'no-answer' }), ANSWER_TIMEOUT);
    this.#waiting.set(id, {
      answer,
      settle: (outcome) => {
        clearTimeout(timer);
        settle(outcome);
      },
    });
    return answer;
  }

  /** An `OK` came; one for an id that nobody waits for is ignored. */
  answered(id: string, accepted: boolean, words: string): void {
    this.#settle(id, accepted ? { outcome: 'accepted', note: words } : { outcome: 'refused', reason: words });
  }

  /** The connection is gone: nobody will answer. */
  lost(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { outcome: 'no-answer' });
  }

  #settle(id: string, outcome: Outcome): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.settle(outcome);
  }
}
