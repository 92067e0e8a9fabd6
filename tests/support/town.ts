/** Places without a server: the pure state machine as the ledger drives it, with the relay's answers applied at once. */
import { createHash } from 'node:crypto';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { announceAll } from '#server/groups/announce.ts';
import { applyGroupEvent } from '#server/groups/apply.ts';
import { GroupDirectory } from '#server/groups/directory.ts';
import type { GroupContext, GroupState } from '#server/groups/state.ts';
import { groupOf } from '#protocol/tags.ts';

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Public keys that only say who is who. */
export const keyOf = (name: string): string => hex(`key of ${name}`);

export class Town {
  readonly self = keyOf('city');
  readonly places = new GroupDirectory();
  readonly operators = new Set<string>();
  /** Everything accepted, the city's answers too, in order. */
  readonly accepted: NostrEvent[] = [];
  now = 2000;
  #count = 0;

  /** An event by somebody; id and signature are different each time. */
  event(author: string, draft: Draft): NostrEvent {
    const id = hex(`event ${++this.#count}`);
    return { created_at: this.now, ...draft, pubkey: author, id, sig: hex(`a ${id}`) + hex(`b ${id}`) };
  }

  /** Somebody does something: `accepted`, or the words of the refusal. */
  does(author: string, draft: Draft): string {
    return this.take(this.event(author, draft));
  }

  take(event: NostrEvent): string {
    const applied = applyGroupEvent(this.places.get(groupOf(event) ?? ''), event, this.#context());
    if (!applied.ok) return `${applied.error.code}: ${applied.error.message}`;
    this.places.put(applied.value.state);
    this.accepted.push(event);
    let held = '';
    for (const effect of applied.value.effects) {
      if (effect.type === 'hold-request') held = effect.message;
      if (effect.type !== 'issue') continue;
      const answer = this.does(this.self, effect.draft);
      if (answer !== 'accepted') throw new Error(`the city's own answer was refused: ${answer}`);
    }
    return held || 'accepted';
  }

  /** Must be accepted; throws the refusal otherwise. Gives the event. */
  must(author: string, draft: Draft): NostrEvent {
    const event = this.event(author, draft);
    const answer = this.take(event);
    if (answer !== 'accepted') throw new Error(answer);
    return event;
  }

  state(id: string): GroupState {
    const state = this.places.get(id);
    if (!state) throw new Error(`there is no ${id}`);
    return state;
  }

  /** Tags of a name in a place's 39000, as it would be said now. */
  said(id: string, name: string): string[] {
    const all = announceAll(new GroupDirectory(), this.places, [id]);
    const drafts = all.find(({ place }) => place === id)?.drafts ?? [];
    const metadata = drafts.find(({ kind }) => kind === kinds.GROUP_METADATA);
    return (metadata?.tags ?? []).flatMap(([tag, value = '']) => (tag === name ? [value] : []));
  }

  #context(): GroupContext {
    const { self, operators, now, places, accepted } = this;
    return { self, operators, now, places, find: (id) => accepted.find((event) => event.id === id) };
  }
}
