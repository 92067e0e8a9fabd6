/** What hangs on lines that are in sight, and on no others: reactions, how many answers, the lines they quote. */
/* eslint svelte/prefer-svelte-reactivity: off -- bookkeeping that no component reads */
import { SvelteMap } from 'svelte/reactivity';
import type { City } from '#client/city/city.ts';
import { letters } from '#client/direct/tables.ts';
import { isTalk } from '#protocol/direct/rumors.ts';
import { receipts } from '../rows/receipts.ts';
import { lines, reactions, replies } from '../rows/tables.ts';
import type { LineRow } from '../rows/tables.ts';
import { gatherReactions } from '../timeline/gather.ts';
import type { ReactionPill } from '../timeline/gather.ts';
import { arrivalOf } from './arrival.ts';
import type { Arrival } from './arrival.ts';
import { timeout } from './deeds.svelte.ts';
import type { After } from './deeds.svelte.ts';

const GATHER_MS = 60;
/** While rows come in by the thousand, those in sight are read so often. */
const CHANGED_MS = 250;
const MOST_ANSWERS = 100;
/** What hangs on more lines than this is let go where they are out of sight. */
const MOST_LINES = 1000;

/** Reactions, answers and quotes of the lines named by `show`, kept fresh until `stop`. */
export class Extras {
  readonly reactions = new SvelteMap<string, readonly ReactionPill[]>();
  /** Answers to a line, up to 100. */
  readonly answers = new SvelteMap<string, number>();
  /** How far own lines of a private talk have come. */
  readonly arrivals = new SvelteMap<string, Arrival>();
  /** Lines quoted by others; null: nobody has it. */
  readonly quoted = new SvelteMap<string, LineRow | null>();

  readonly #city: City;
  readonly #group: string;
  readonly #after: After;
  readonly #end: () => void;
  readonly #asked = new Set<string>();
  readonly #signatures = new Map<string, string>();
  /** Lines read since anything changed. */
  readonly #fresh = new Set<string>();
  #shown: readonly LineRow[] = [];
  #around: readonly LineRow[] = [];
  /** Milliseconds that a reading on its way was put off by. */
  #due: number | undefined;
  #isStopped = false;
  /** Something somewhere has changed: what is around can wait until it is scrolled to. */
  #isChanged = false;

  constructor(city: City, group: string, after: After = timeout) {
    this.#city = city;
    this.#group = group;
    this.#after = after;
    const watched = [
      { table: reactions.name },
      { table: replies.name },
      { table: lines.name, part: group },
      ...(isTalk(group) ? [{ table: receipts.name, part: group }, { table: letters.name }] : []),
    ];
    this.#end = city.watch(watched, () => {
      this.#fresh.clear();
      this.#isChanged = true;
      this.#soon(CHANGED_MS);
    });
  }

  /** These lines are in sight now; those around them may be next, and must not change their height then. */
  show(shown: readonly LineRow[], around: readonly LineRow[] = []): void {
    this.#shown = shown;
    this.#around = around;
    if (this.#signatures.size + this.answers.size + this.arrivals.size + this.quoted.size > MOST_LINES)
      this.#letGo();
    if ([...shown, ...around].some(({ id }) => !this.#fresh.has(id))) this.#soon();
  }

  stop(): void {
    this.#isStopped = true;
    this.#end();
  }

  #soon(wait = GATHER_MS): void {
    if (this.#isStopped || (this.#due !== undefined && this.#due <= wait)) return;
    this.#due = wait;
    this.#after(wait, () => {
      if (this.#due === undefined) return;
      this.#due = undefined;
      void this.load();
    });
  }

  /** Reads what hangs on the lines in sight, then on those around them, once. */
  async load(): Promise<void> {
    await this.prepare(this.#shown);
    if (!this.#isChanged) await this.prepare(this.#around);
    this.#isChanged = false;
  }

  /** Reads what hangs on these lines, unless it is known. */
  async prepare(lines: readonly LineRow[]): Promise<void> {
    if (this.#isStopped) return;
    const due = lines.filter(({ id }) => !this.#fresh.has(id));
    due.forEach(({ id }) => this.#fresh.add(id));
    await Promise.all([
      ...due.map((line) => this.#loadReactions(line.id)),
      ...due.map((line) => this.#loadAnswers(line.id)),
      ...due.map((line) => this.#loadArrival(line)),
      this.#loadQuoted(due.flatMap((line) => line.replyTo ?? [])),
    ]);
  }

  #letGo(): void {
    const kept = new Set([...this.#shown, ...this.#around].flatMap(({ id, replyTo }) => [id, replyTo ?? id]));
    for (const map of [this.reactions, this.answers, this.arrivals, this.quoted, this.#signatures])
      for (const id of [...map.keys()]) if (!kept.has(id)) map.delete(id);
    for (const ids of [this.#fresh, this.#asked]) for (const id of ids) if (!kept.has(id)) ids.delete(id);
  }

  async #loadReactions(id: string): Promise<void> {
    const rows = await this.#city.part(reactions, { part: id });
    const pills = gatherReactions(rows, this.#group, this.#city.account?.pubkey);
    const signature = JSON.stringify(pills);
    if ((this.#signatures.get(id) ?? '[]') === signature) return;
    this.#signatures.set(id, signature);
    this.reactions.set(id, pills);
  }

  async #loadAnswers(id: string): Promise<void> {
    const rows = await this.#city.part(replies, { part: id, limit: MOST_ANSWERS });
    const standing = rows.filter((row) => !row.gone).length;
    if ((this.answers.get(id) ?? 0) !== standing) this.answers.set(id, standing);
  }

  async #loadArrival(line: LineRow): Promise<void> {
    if (!isTalk(this.#group) || line.author !== this.#city.account?.pubkey) return;
    const arrival = await arrivalOf(this.#city, line);
    if (arrival && JSON.stringify(this.arrivals.get(line.id)) !== JSON.stringify(arrival))
      this.arrivals.set(line.id, arrival);
  }

  async #loadQuoted(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids)];
    const found = await this.#city.getMany(lines, wanted);
    const missing = wanted.filter((id, index) => !found[index] && !this.#asked.has(id));
    wanted.forEach((id, index) => this.#setQuoted(id, found[index]));
    if (missing.length === 0) return;
    missing.forEach((id) => this.#asked.add(id));
    await this.#city.fetch({ filters: [{ ids: missing }] });
    const late = await this.#city.getMany(lines, missing);
    missing.forEach((id, index) => this.#setQuoted(id, late[index] ?? null));
  }

  #setQuoted(id: string, line: LineRow | null | undefined): void {
    if (line === undefined) return;
    const known = this.quoted.get(id);
    const isSame =
      known !== undefined &&
      known?.text === line?.text &&
      known?.files?.length === line?.files?.length &&
      known?.deletedBy === line?.deletedBy &&
      known?.cleared === line?.cleared;
    if (!isSame) this.quoted.set(id, line);
  }
}
