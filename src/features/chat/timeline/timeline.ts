/** A timeline as it is read: days, runs of one author, where reading stopped. Pure. */
import { isHidden } from '../rows/tables.ts';
import type { LineRow } from '../rows/tables.ts';

/** Seconds within which one author's lines stand under one name. */
export const RUN_SECONDS = 300;

/** What stands in a timeline, oldest first. Keys are unique and stable. */
export type TimelineItem =
  | { readonly type: 'day'; readonly key: string; readonly at: Date }
  | { readonly type: 'unread'; readonly key: 'unread' }
  /** `opens`: the author's name and face stand over this line. */
  | { readonly type: 'line'; readonly key: string; readonly line: LineRow; readonly opens: boolean }
  /** Lines of people or with words that the reader has put away, next to each other; ids. */
  | { readonly type: 'shunned'; readonly key: string; readonly ids: readonly string[] };

export interface TimelineView {
  /** Unix seconds: the first line of another after this one is preceded by "new"; undefined for none. */
  readonly unreadAfter?: number | undefined;
  /** Unix seconds: what came later, came while the reader was here. */
  readonly openedAt?: number | undefined;
  /** The reader, whose own lines are never new. */
  readonly self?: string | undefined;
  /** Not shown: lines taken away a moment ago. */
  readonly hidden?: ReadonlySet<string> | undefined;
  /** True for lines that stand behind a quiet sign: their author or their words are muted. */
  readonly isShunned?: ((line: LineRow) => boolean) | undefined;
}

/** The local day of a time, `2026-11-22`. */
export const dayOf = (at: number): string => {
  const date = new Date(at * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

const continues = (before: LineRow | undefined, line: LineRow): boolean =>
  before !== undefined &&
  before.author === line.author &&
  before.deletedBy === undefined &&
  line.deletedBy === undefined &&
  line.at - before.at < RUN_SECONDS;

/** True for a line that a reader sees. */
export const isVisible = (line: LineRow, hidden?: ReadonlySet<string>): boolean =>
  !line.leaving && !isHidden(line) && hidden?.has(line.id) !== true;

/** Orders nothing: takes lines oldest first and says what stands between them. */
export const timelineItems = (lines: readonly LineRow[], view: TimelineView = {}): TimelineItem[] => {
  const { unreadAfter, openedAt = Infinity, self, hidden, isShunned = () => false } = view;
  const items: TimelineItem[] = [];
  let before: LineRow | undefined;
  let day = '';
  let isMarked = unreadAfter === undefined;
  let shunned: string[] | undefined;
  for (const line of lines) {
    if (!isVisible(line, hidden)) continue;
    const today = dayOf(line.at);
    if (today !== day) {
      items.push({ type: 'day', key: `day ${today}`, at: new Date(line.at * 1000) });
      before = undefined;
      shunned = undefined;
    }
    if (line.deletedBy === undefined && isShunned(line)) {
      if (shunned) shunned.push(line.id);
      else items.push({ type: 'shunned', key: `shunned ${line.id}`, ids: (shunned = [line.id]) });
      [before, day] = [undefined, today];
      continue;
    }
    shunned = undefined;
    if (!isMarked && line.at > (unreadAfter ?? 0) && line.at <= openedAt && line.author !== self) {
      items.push({ type: 'unread', key: 'unread' });
      isMarked = true;
      before = undefined;
    }
    items.push({ type: 'line', key: line.id, line, opens: !continues(before, line) });
    [before, day] = [line, today];
  }
  return items;
};
