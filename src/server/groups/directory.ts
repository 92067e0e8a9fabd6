/** All places of the city in memory, as their moderation events made them; changed only by the one who writes. */
import type { NostrEvent } from '#protocol/event.ts';
import { evolve } from './evolve.ts';
import type { GroupState, Places } from './state.ts';

/** Reads places; what delivery and questions rely on. */
export interface GroupReader {
  get(id: string): GroupState | undefined;
}

/** The places and who is in them. */
export class GroupDirectory implements Places {
  #states = new Map<string, GroupState>();
  /** Places whose talk only members read. */
  #closedToReaders = new Set<string>();
  /** Which places name a place as their parent. */
  #parts = new Map<string, Set<string>>();
  /** The newest time on an own 39000–39009 of a place: the next one must be later. */
  #stamps = new Map<string, number>();

  get(id: string): GroupState | undefined {
    return this.#states.get(id);
  }

  partsOf(id: string): GroupState[] {
    return [...(this.#parts.get(id) ?? [])].flatMap((part) => this.#states.get(part) ?? []);
  }

  get size(): number {
    return this.#states.size;
  }

  /** Every place that ever was, deleted ones too. */
  all(): IterableIterator<GroupState> {
    return this.#states.values();
  }

  /** Private, hidden and deleted places. */
  closedToReaders(): IterableIterator<GroupState> {
    const states = this.#states;
    return [...this.#closedToReaders].flatMap((id) => states.get(id) ?? []).values();
  }

  /** Takes a state over after it was committed. */
  put(state: GroupState): void {
    this.#movePart(state.id, state.parent?.id);
    this.#states.set(state.id, state);
    const { modes } = state.profile;
    if (modes.private || modes.hidden || state.deleted) this.#closedToReaders.add(state.id);
    else this.#closedToReaders.delete(state.id);
  }

  #movePart(id: string, parent: string | undefined): void {
    const before = this.#states.get(id)?.parent?.id;
    if (before === parent) return;
    if (before !== undefined) this.#parts.get(before)?.delete(id);
    if (parent === undefined) return;
    const parts = this.#parts.get(parent);
    if (parts) parts.add(id);
    else this.#parts.set(parent, new Set([id]));
  }

  stampOf(id: string): number {
    return this.#stamps.get(id) ?? 0;
  }

  /** Remembers the newest time used for a place's own events. */
  stamp(id: string, time: number): void {
    this.#stamps.set(id, Math.max(time, this.stampOf(id)));
  }
}

/** The places that a sequence of accepted events makes, in their order of acceptance. */
export const replay = (events: Iterable<NostrEvent>, groupOf: (event: NostrEvent) => string | undefined) => {
  const states = new Map<string, GroupState>();
  for (const event of events) {
    const id = groupOf(event);
    const next = id === undefined ? undefined : evolve(states.get(id), event);
    if (id !== undefined && next) states.set(id, next);
  }
  return states;
};
