/** One place's conversation as a person sees it: a window of lines, what is new, how far it was read. */
import type { City } from '#client/city/city.ts';
import { groupTalkFilter } from '#protocol/groups.ts';
import { parseReason } from '#protocol/reasons.ts';
import { displayLine } from '#shared/text.ts';
import { DAY, systemClock, type Clock } from '#shared/time.ts';
import { beforeLine, behindSecond, conversations, lines as lineTable } from '../rows/tables.ts';
import type { LineRow } from '../rows/tables.ts';
import { isVisible } from '../timeline/timeline.ts';
import { Deeds, timeout } from './deeds.svelte.ts';
import type { ConversationOptions, OlderState, Phase } from './conversation-options.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { History } from './history.ts';
import type { Reach } from './history.ts';
import {
  countAfter,
  isLater,
  keepSame,
  newestWindow,
  PAGE,
  refreshed,
  rowsBefore,
  windowAround,
  withNewer,
  withOlder,
} from './line-window.ts';
import type { LineWindow } from './line-window.ts';
import { ReadMark } from './read-mark.ts';

/** Milliseconds for which lines are held back until what hangs on them is read. */
const MOMENT_MS = 400;
/** New lines are counted up to here. */
const MOST_COUNTED = 100;

/** Lives as long as the conversation is open; `stop` ends it. */
export class ConversationController {
  readonly group: string;
  readonly deeds: Deeds;
  phase = $state<Phase>('opening');
  older = $state<OlderState>('more');
  /** The relay's words where it refused to show lines, fit to be shown. */
  words = $state('');
  /** Unix seconds where reading stopped before; undefined: never read. Fixed at opening. */
  unreadAfter = $state<number>();
  /** Lines of others that came while the reader was further up. */
  newBelow = $state(0);
  /** What stood in the composer, wire form; undefined until it is known. */
  draft = $state<string>();
  readonly openedAt: number;

  #window = $state.raw<LineWindow>({ lines: [], atEnd: true });
  readonly #city: City;
  readonly #history: History;
  readonly #mark: ReadMark;
  readonly #clock: Clock;
  readonly #isWhole: () => boolean;
  readonly #prepare: NonNullable<ConversationOptions['prepare']>;
  readonly #after;
  readonly #ends: (() => void)[] = [];
  #keeper: DraftKeeper | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #isStale = false;
  #isStopped = false;
  #isAttending = false;
  #atBottom = true;
  #bottom: LineRow | undefined;

  constructor(city: City, options: ConversationOptions) {
    this.#city = city;
    this.group = options.group;
    this.deeds = new Deeds(city, options);
    this.#clock = options.clock ?? systemClock;
    this.#isWhole = options.isWhole ?? (() => false);
    this.#prepare = options.prepare ?? (() => Promise.resolve());
    this.#after = options.after ?? timeout;
    this.openedAt = this.#clock.now();
    this.#mark = new ReadMark(city, options.group, this.#clock);
    this.#history = new History(city, options.group);
    const watched = [{ table: lineTable.name, part: options.group }];
    this.#ends.push(
      city.watch(watched, () => this.#refresh()),
      city.subscribe({ filters: [groupTalkFilter(options.group, { limit: 100 })] }),
    );
    void this.#run(() => this.#open());
  }

  /** The window's lines, oldest first. */
  get lines(): readonly LineRow[] {
    return this.#window.lines;
  }
  /** True when the newest line is in the window. */
  get atEnd(): boolean {
    return this.#window.atEnd;
  }

  /** The page may go away: what waits is written now. Resolves once it is. */
  async flush(): Promise<void> {
    this.#mark.flush();
    await Promise.all([this.#keeper?.flush(), this.deeds.stop()]);
  }

  /** Ends subscriptions; a draft and deletions under way are written first. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    void this.flush();
    this.#ends.forEach((end) => end());
  }

  /** A page of older lines in front: from the rows, and from the relay where they may have gaps. */
  loadOlder(): Promise<void> {
    if (this.older === 'loading' || this.older === 'beginning' || this.phase === 'opening')
      return Promise.resolve();
    this.older = 'loading';
    return this.#run(() => this.#loadOlder());
  }

  /** A page of newer lines behind, where the window does not reach the end. */
  loadNewer(): Promise<void> {
    return this.#run(async () => {
      if (this.#window.atEnd) return;
      await this.#showReady(await withNewer(this.#city, this.group, this.#window));
    });
  }

  /** Moves the window to its end. */
  showNewest(): Promise<void> {
    return this.#run(async () => {
      if (!this.#window.atEnd) await this.#jumped(await newestWindow(this.#city, this.group));
    });
  }

  /** Moves the window so that a line is in it; asks the relay for one that is not here. False: nobody has it. */
  async showLine(id: string): Promise<boolean> {
    if (this.#window.lines.some((line) => line.id === id)) return true;
    let line = await this.#city.get(lineTable, id);
    if (!line) {
      await this.#city.fetch({ filters: [{ ids: [id] }] });
      line = await this.#city.get(lineTable, id);
    }
    if (!line || line.group !== this.group || !isVisible(line, this.deeds.hidden)) return false;
    const place = beforeLine(line);
    await this.#run(async () => await this.#jumped(await windowAround(this.#city, this.group, place)));
    return true;
  }

  /** Moves the window to the first line at or after a time (Unix seconds), else to the last before it; its id. */
  async showTime(at: number): Promise<string | undefined> {
    let landing: LineRow | undefined;
    await this.#run(async () => {
      if (!this.#isWhole()) await this.#history.reach(at, at + DAY);
      const next = await windowAround(this.#city, this.group, { order: at, id: '' });
      const seen = next.lines.filter((line) => isVisible(line, this.deeds.hidden));
      landing = seen.find((line) => line.at >= at) ?? seen.at(-1);
      if (landing) await this.#jumped(next);
    });
    return landing?.id;
  }

  /** The last line that the reader has had before their eyes. */
  saw(line: LineRow): void {
    if (!this.#bottom || this.newBelow === 0 || !isLater(line, this.#bottom)) return;
    this.#bottom = line;
    this.#mark.saw(line.at);
    this.#refresh();
  }

  /** Where the reader is: at the end of the conversation or further up, looking or not. Marks as read. */
  attend(atBottom: boolean, isLooking: boolean): void {
    if (this.#atBottom && !atBottom) this.#bottom = this.#window.lines.at(-1);
    this.#atBottom = atBottom;
    this.#isAttending = atBottom && isLooking && this.#window.atEnd;
    if (atBottom && this.#window.atEnd) this.newBelow = 0;
    this.#markRead();
  }

  /** What stands in the composer now, in wire form; kept after a moment. */
  keepDraft(text: string): void {
    this.#keeper?.keep(text);
  }

  async #open(): Promise<void> {
    const row = await this.#city.get(conversations, this.group);
    const read = row?.readUpTo ?? 0;
    this.draft = row?.draft ?? '';
    this.#keeper = new DraftKeeper(this.#city, this.group, this.#after, () => this.#clock.now(), this.draft);
    if (read > 0) this.unreadAfter = read;
    const unread = row?.unread ?? 0;
    const isReadingOn = unread > PAGE / 2 && read > 0;
    this.#mark.start(read, isReadingOn);
    this.#show(
      isReadingOn
        ? await windowAround(this.#city, this.group, behindSecond(read))
        : await newestWindow(this.#city, this.group),
    );
    if (isReadingOn) this.#startReadingOn(read, unread);
    if (this.#window.lines.length === 0) await this.#openEmpty();
    else this.phase = 'open';
  }

  /** What is new lies below, and is counted down while it is read. */
  #startReadingOn(read: number, unread: number): void {
    this.#bottom = this.#window.lines.findLast((line) => line.at <= read);
    this.newBelow = this.#bottom ? Math.min(unread, MOST_COUNTED) : 0;
    this.#atBottom = false;
  }

  async #openEmpty(): Promise<void> {
    const reach = await this.#history.reach();
    this.#show(await newestWindow(this.#city, this.group));
    this.#tell(reach);
    this.phase =
      this.#window.lines.length > 0 || this.#history.begun || reach.state === 'reached'
        ? 'open'
        : reach.state === 'refused'
          ? 'refused'
          : 'unreachable';
  }

  /** Asks anew after the city could not be reached, or refused. */
  tryAgain(): Promise<void> {
    if (this.phase === 'open') return this.loadOlder();
    this.phase = 'opening';
    return this.#run(() => this.#openEmpty());
  }

  async #loadOlder(): Promise<void> {
    let found = await rowsBefore(this.#city, this.group, this.#window);
    if (this.#isWhole()) {
      await this.#showReady(withOlder(this.#window, found));
      return this.#tell({ state: found.length < PAGE ? 'beginning' : 'reached' });
    }
    let reach: Reach = { state: 'reached' };
    const top = this.#window.atEnd ? Infinity : this.#window.lines[0]?.at;
    for (let round = 0; round < 5; round++) {
      reach = await this.#history.reach(found.at(-1)?.at, top);
      found = await rowsBefore(this.#city, this.group, this.#window);
      if (reach.state !== 'reached' || found.length > 0) break;
    }
    await this.#showReady(withOlder(this.#window, found));
    this.#tell(reach, found.length === PAGE);
  }

  #tell(reach: Reach, hasMore = false): void {
    if (reach.state === 'refused') this.words = displayLine(parseReason(reach.words).message, 160);
    this.older = reach.state === 'reached' || (reach.state !== 'refused' && hasMore) ? 'more' : reach.state;
  }

  /** The window goes elsewhere: what lies between was not read. */
  #jumped(next: LineWindow): Promise<void> {
    this.#mark.leap();
    return this.#showReady(next);
  }

  /** Shows lines with their full height; what takes longer than a moment comes later. */
  async #showReady(next: LineWindow): Promise<void> {
    await Promise.race([
      this.#prepare(next.lines),
      new Promise<void>((done) => this.#after(MOMENT_MS, () => done())),
    ]);
    this.#show(next);
  }

  #show(shown: LineWindow): void {
    if (this.#isStopped) return;
    const next = keepSame(this.#window, shown);
    if (this.older === 'beginning' && next.lines[0]?.id !== this.#window.lines[0]?.id) this.older = 'more';
    this.#window = next;
    if (next.lines.length > 0 && this.phase !== 'opening') this.phase = 'open';
  }

  /** Changes that come while one refresh waits are gathered into it. */
  #refresh(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    void this.#run(async () => {
      this.#isStale = false;
      this.#show(await refreshed(this.#city, this.group, this.#window, this.#atBottom));
      const self = this.#city.account?.pubkey;
      if (!this.#atBottom && this.#bottom)
        this.newBelow = await countAfter(this.#city, this.group, this.#bottom, self);
      this.#markRead();
    });
  }

  #markRead(): void {
    const newest = this.#window.lines.at(-1);
    if (!this.#isAttending || !newest || !this.#window.atEnd) return;
    this.#mark.finish(newest.at);
  }

  #run(task: () => Promise<void>): Promise<void> {
    const next = this.#queue.then(() => (this.#isStopped ? undefined : task()));
    this.#queue = next.catch(() => undefined);
    return next;
  }
}
