/** One batch while it is judged: the store's facts, the places as they become, and what will be written. */
import type { NostrEvent } from '#protocol/event.ts';
import type { GroupState, Places } from '../groups/state.ts';
import { tombstoneKey } from '../store/facts.ts';
import type { Facts, Target } from '../store/facts.ts';
import { emptyPlan } from '../store/plan.ts';
import type { Plan } from '../store/plan.ts';
import { addressOf } from '../store/rows.ts';

/** Nothing of a batch is seen by anybody before it is committed. */
export class Batch implements Places {
  readonly plan: Plan = emptyPlan();
  readonly facts: Facts;
  #before: Places;
  #changed = new Map<string, GroupState>();
  #inserted = new Map<string, NostrEvent>();

  constructor(before: Places, facts: Facts) {
    this.#before = before;
    this.facts = facts;
  }

  get(id: string): GroupState | undefined {
    return this.#changed.get(id) ?? this.#before.get(id);
  }

  partsOf(id: string): GroupState[] {
    const stored = this.#before.partsOf(id).filter((part) => !this.#changed.has(part.id));
    return [...stored, ...[...this.#changed.values()].filter(({ parent }) => parent?.id === id)];
  }

  put(state: GroupState): void {
    if (this.get(state.id) !== state) this.#changed.set(state.id, state);
  }

  /** Places with their states before and after. */
  changes(): { readonly before: GroupState | undefined; readonly after: GroupState }[] {
    return [...this.#changed.values()].map((after) => ({ before: this.#before.get(after.id), after }));
  }

  /** An event here, stored or about to be. */
  find(id: string): Target | undefined {
    return this.facts.targets.get(id) ?? this.#inserted.get(id);
  }

  /** Takes an event in; an older version of the same address goes. */
  insert(event: NostrEvent): void {
    const address = addressOf(event);
    if (address !== undefined) {
      const older = this.facts.versions.get(address);
      if (older) this.plan.removals.push(older.id);
      this.facts.versions.set(address, event);
    }
    this.facts.known.add(event.id);
    this.#inserted.set(event.id, event);
    this.plan.inserts.push(event);
  }

  /**
   * Takes an event away for good, or keeps it from coming where it isn't here yet. The caller has judged what is here;
   * of what comes later only the author's own counts, or what is of the place (`h:<id>`).
   */
  take(id: string, author: string, time: number): void {
    if (this.find(id)) this.plan.removals.push(id);
    this.bury(id, author, time);
  }

  /** Keeps a target from coming back. */
  bury(target: string, author: string, time: number): void {
    this.plan.tombstones.push({ target, author, deleted_at: time });
    const key = tombstoneKey(target, author);
    this.facts.tombstones.set(key, Math.max(time, this.facts.tombstones.get(key) ?? 0));
  }
}
