/** What a replay finds is to be forgotten, without what the log has forgotten already. */
import { isForgotten } from '../forgetting.ts';
import { carriedEvent } from '../local-events.ts';
import type { LocalEvent } from '../local-events.ts';

const IDS_A_WRITE = 500;

export class ForgottenWords {
  /** Met, and nothing left of them. */
  readonly #husks = new Set<string>();
  readonly #due = new Set<string>();

  /** Reads what the log says, before it is projected. */
  meet(events: readonly (LocalEvent | undefined)[]): void {
    for (const event of events) {
      const id = event && carriedEvent(event)?.id;
      if (id === undefined) continue;
      if (isForgotten(event as LocalEvent)) this.#husks.add(id);
      else this.#husks.delete(id);
    }
  }

  /** Projections want these forgotten. */
  forget(ids: readonly string[]): void {
    for (const id of ids) if (!this.#husks.has(id)) this.#due.add(id);
  }

  /** Those of which the log may still have the words, in portions; they are done with afterwards. */
  take(): Set<string>[] {
    const ids = [...this.#due];
    this.#due.clear();
    const portions: Set<string>[] = [];
    for (let at = 0; at < ids.length; at += IDS_A_WRITE)
      portions.push(new Set(ids.slice(at, at + IDS_A_WRITE)));
    return portions;
  }
}
