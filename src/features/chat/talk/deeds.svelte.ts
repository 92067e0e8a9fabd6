/** What a person does in a conversation: say, answer, react, take back, try again. */
/* eslint svelte/prefer-svelte-reactivity: off -- bookkeeping that no component reads */
import { SvelteSet } from 'svelte/reactivity';
import type { City, PublishOptions } from '#client/city/city.ts';
import { uploadsOf } from '#client/media/media.ts';
import { m } from '#messages/paraglide/messages.js';
import { REACTION } from '#protocol/kinds.ts';
import type { Draft } from '#protocol/event.ts';
import { makeDeleteEvent } from '#protocol/groups.ts';
import { isTalk } from '#protocol/direct/rumors.ts';
import { EDIT_WITHIN, makeEdit } from '#protocol/lines/edits.ts';
import { makeDeletion, makeEnd, makeLine, makeReaction } from '#protocol/messages.ts';
import type { LineDraft } from '#protocol/messages.ts';
import { parseReason } from '#protocol/reasons.ts';
import { displayLine } from '#shared/text.ts';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';
import { staysIn } from '../rows/staying.ts';
import { reactions } from '../rows/tables.ts';
import type { LineRow } from '../rows/tables.ts';
import { gatherReactions } from '../timeline/gather.ts';
import { failureWords } from './failure-words.ts';
import { Mending } from './mending.ts';
import type { MendingOptions } from './mending.ts';

/** Time within which a deletion can be undone; ms. */
const UNDO_MS = 5_000;
const RETRY_MS = 4_000;

/** Calls `done` after `ms`; returns the way to stop it. */
export type After = (ms: number, done: () => void) => () => void;

/** The machine's own timer. */
export const timeout: After = (ms, done) => {
  const timer = setTimeout(done, ms);
  return () => clearTimeout(timer);
};

export interface DeedsOptions extends MendingOptions {
  readonly group: string;
  /** From `lineKindFor`. */
  readonly lineKind: number;
  readonly after?: After | undefined;
  /** The time that others go by; the device's own without it. */
  readonly clock?: Clock | undefined;
}

/** One group's hand; conversation and thread share it. */
export class Deeds {
  /** Taken away a moment ago, and not to be seen. */
  readonly hidden = new SvelteSet<string>();
  /** Being sent again. */
  readonly retrying = new SvelteSet<string>();
  /** What makes a refused line fit to be sent. */
  readonly mending: Mending;

  readonly #city: City;
  readonly #options: DeedsOptions;
  readonly #after: After;
  readonly #pending = new Map<string, { stop: () => void; send: () => Promise<void> }>();

  constructor(city: City, options: DeedsOptions) {
    this.#city = city;
    this.#options = options;
    this.#after = options.after ?? timeout;
    this.mending = new Mending(city, this, options);
  }

  /** Sends wire text (people as `nostr:npub…`) and files; it leaves once these are stored. False when nothing was sent; why was said in a toast. */
  async send(
    text: string,
    replyTo?: LineRow,
    { mentions = [], files = [], previews = [] }: Pick<LineDraft, 'mentions' | 'files' | 'previews'> = {},
  ): Promise<boolean> {
    // Files of private talk leave by themselves.
    if (text === '' && files.length === 0) return true;
    if (!this.#city.account && !(await this.#city.requestAccount('write'))) return false;
    const { group, lineKind: kind } = this.#options;
    const target = replyTo && { id: replyTo.id, pubkey: replyTo.author, root: replyTo.root };
    const hung = { mentions, files, previews, expires: await this.#end() };
    const draft = makeLine({ group, kind, text, ...hung, ...(target ? { replyTo: target } : {}) });
    const after = uploadsOf([...files, ...previews.flatMap(({ picture }) => picture ?? [])]);
    return (await this.#publish(draft, 'words', { after })) !== undefined;
  }

  /** True for an own line of words that is not too old to be worded anew. */
  canReword(line: LineRow): boolean {
    const isOwn = line.author === this.#city.account?.pubkey;
    const now = (this.#options.clock ?? systemClock).now();
    return isOwn && line.state === 'sent' && !line.sealed && !line.poll && now < line.at + EDIT_WITHIN;
  }

  /** Says an own line in other words. True when nothing is left to be done; why not was said in a toast. */
  async reword(line: LineRow, text: string): Promise<boolean> {
    if (text === line.text) return true;
    const edit = makeEdit(line.group, line.id, text);
    return this.#act({ ...edit, tags: [...edit.tags, ...makeEnd(line.expires)] });
  }

  /** When a line of a place that is said now disappears. In private talk the letters say so. */
  async #end(): Promise<number | undefined> {
    const { group, clock = systemClock } = this.#options;
    const stays = isTalk(group) ? 0 : await staysIn(this.#city, group);
    return stays === 0 ? undefined : clock.now() + stays;
  }

  /** Puts an emoji under a line, or takes one's own away again. */
  async react(line: LineRow, emoji: string): Promise<void> {
    if (!this.#city.account && !(await this.#city.requestAccount('react'))) return;
    const rows = await this.#city.part(reactions, { part: line.id });
    const self = this.#city.account?.pubkey;
    const pill = gatherReactions(rows, line.group, self).find((one) => one.emoji === emoji);
    if (pill && pill.mine.length > 0) return this.unreact(pill.mine);
    await this.#act(makeReaction(line.group, { id: line.id, pubkey: line.author, kind: line.kind }, emoji));
  }

  /** Takes back one's own reaction events; those no relay has are dropped. */
  async unreact(ids: readonly string[]): Promise<void> {
    const rows = (await this.#city.getMany(reactions, ids)).filter((row) => row !== undefined);
    const sent = rows.filter((row) => row.state === 'sent');
    for (const row of rows) if (row.state !== 'sent') await this.#city.discard(row.id);
    if (sent.length === 0) return;
    const targets = sent.map(({ id }) => ({ id, kind: REACTION }));
    await this.#act(makeDeletion(targets, this.#options.group));
  }

  /** Takes a line away: one's own (kind 5), or an admin another's (9005). It can be undone for `UNDO_MS`. */
  async deleteLine(line: LineRow): Promise<void> {
    const isOwn = line.author === this.#city.account?.pubkey;
    if (line.state !== 'sent') return this.discard(line.id);
    if (this.#pending.has(line.id)) return;
    const draft = isOwn ? makeDeletion([line], line.group) : makeDeleteEvent(line.group, line.id);
    const send = async () => {
      if (!(await this.#act(draft, () => this.hidden.delete(line.id)))) this.hidden.delete(line.id);
    };
    this.#vanish(line.id, isOwn ? m.chat_deleted() : m.chat_removed(), send);
  }

  /** Says something that leaves no line behind; why it could not be said was told. */
  say(draft: Draft): Promise<boolean> {
    return this.#act(draft);
  }

  /** Takes a line away on this device only. It can be undone for `UNDO_MS`; then its words are forgotten. */
  hideLine({ id, group }: LineRow): void {
    const event = { type: 'LineHidden', v: 1, line: id, conversation: group } as const;
    if (!this.#pending.has(id)) this.#vanish(id, m.chat_hidden(), () => this.#city.record(event));
  }

  /** Sends a refused or waiting line again now. */
  async retry(id: string): Promise<void> {
    this.retrying.add(id);
    this.#after(RETRY_MS, () => this.retrying.delete(id));
    await this.#city.retry(id);
  }

  /** Gives up a line that no relay has. It can be undone for `UNDO_MS`. */
  discard(id: string): void {
    if (!this.#pending.has(id)) this.#vanish(id, m.chat_discarded(), () => this.drop(id));
  }

  /** Gives up a line at once: its words are in the composer again. */
  async drop(id: string): Promise<void> {
    await this.#city.discard(id);
  }

  /** The person leaves: what waits for its undo is sent now. Resolves once it is on its way. */
  async stop(): Promise<void> {
    const pending = [...this.#pending.values()];
    for (const { stop } of pending) stop();
    await Promise.all(pending.map(({ send }) => send()));
  }

  /** Not to be seen any more, and gone once nobody has undone it. */
  #vanish(id: string, text: string, go: () => Promise<void>): void {
    const send = (): Promise<void> => {
      this.#pending.delete(id);
      return go();
    };
    this.hidden.add(id);
    this.#pending.set(id, { stop: this.#after(UNDO_MS, () => void send()), send });
    this.#toast({ text, undo: () => this.#undo(id), timeout: UNDO_MS });
  }

  #undo(id: string): void {
    this.#pending.get(id)?.stop();
    if (this.#pending.delete(id)) this.hidden.delete(id);
  }

  #toast(wish: ToastWish): void {
    this.#options.ontoast?.(wish);
  }

  async #publish(draft: Draft, what: 'words' | 'mark', options?: PublishOptions) {
    const published = await this.#city.publish(draft, options);
    if (published.ok) return published.value;
    const text = failureWords(published.error, what);
    if (text !== undefined) this.#toast({ text, tone: 'danger' });
    return undefined;
  }

  /** Publishes what leaves no line behind: a refusal is told in a toast, and the event given up. */
  async #act(draft: Draft, onrefused: () => void = () => undefined): Promise<boolean> {
    const published = await this.#publish(draft, 'mark');
    void published?.answer.then(async (answer) => {
      if (answer.ok || answer.error.code !== 'refused') return;
      onrefused();
      const words = displayLine(parseReason(answer.error.message).message, 160);
      this.#toast({
        text: words === '' ? m.chat_refused_unknown() : m.chat_not_done({ words }),
        tone: 'danger',
      });
      await this.#city.discard(published.event.id);
    });
    return published !== undefined;
  }
}
