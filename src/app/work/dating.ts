/** When what is written was written: one author's lines keep their order, and none runs far ahead of the clock. */
import type { Draft } from '#protocol/event.ts';
import { isAddressable, isReplaceable } from '#protocol/kinds.ts';
import { isLine, makeSequenceTag, withoutSequence } from '#protocol/messages.ts';
import { groupOf } from '#protocol/tags.ts';
import { MINUTE } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';

/** Lines are dated at most this much (seconds) ahead; cities take up to fifteen minutes. */
export const MOST_AHEAD = 2 * MINUTE;
/** Lines that share a second, so that a page of a relay's answer always holds more than one second. */
export const MOST_IN_SECOND = 50;
/** The last thing lies so far ahead (seconds) that the clock must have been set back: the count begins anew. */
const SET_BACK = 12 * MINUTE;

/** Where the last thing of its sort stands. */
interface Last {
  readonly at: number;
  /** Lines in that second. */
  readonly lines: number;
}

/** `line`: told apart within a second; `version`: only a later second makes it newer; `other`: may share a second. */
type Sort = 'line' | 'version' | 'other';

const sortOf = (draft: Draft): Sort => {
  if (isReplaceable(draft.kind) || isAddressable(draft.kind)) return 'version';
  return isLine(draft) && groupOf(draft) !== undefined ? 'line' : 'other';
};

/**
 * Two lines of one second would be ordered by their random ids, so the later one is dated a second on. Who writes faster than that
 * for two minutes shares seconds, and the lines are told apart by a `seq` tag. A replaceable event always gets a later second: only
 * so is it newer than the one before it.
 */
export class Dating {
  readonly #clock: Clock;
  readonly #last = new Map<string, Last>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The draft with its time, Unix seconds; one that has a time keeps it. */
  date(draft: Draft, author: string): Draft & { readonly created_at: number } {
    const key = `${author} ${groupOf(draft) ?? `kind ${draft.kind}`}`;
    const sort = sortOf(draft);
    const last = this.#last.get(key);
    const at = draft.created_at ?? this.#timeAfter(last, sort);
    const before = last?.at === at ? last.lines : 0;
    this.#last.set(key, { at, lines: before + Number(sort === 'line') });
    if (sort !== 'line' || draft.created_at !== undefined) return { ...draft, created_at: at };
    const tags = withoutSequence(draft.tags);
    return { ...draft, created_at: at, tags: before === 0 ? tags : [...tags, makeSequenceTag(before)] };
  }

  #timeAfter(last: Last | undefined, sort: Sort): number {
    const now = this.#clock.now();
    if (!last || last.at < now) return now;
    if (sort === 'version') return last.at + 1;
    if (last.at - now > SET_BACK) return now;
    const hasRoom = last.at + 1 <= now + MOST_AHEAD || last.lines >= MOST_IN_SECOND;
    return hasRoom ? last.at + 1 : last.at;
  }
}
