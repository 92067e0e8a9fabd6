/** The number of unread lines where one sees it without looking at the city: on the app's icon, and in a background tab's title. */
import type { ConversationRow } from '#features/chat/index.ts';

/** Unread lines of one's own places; `counts` leaves places out (muted ones). */
export const unreadTotal = (
  mine: readonly { readonly id: string }[],
  rows: Readonly<Record<string, Pick<ConversationRow, 'unread'>>>,
  counts: (id: string) => boolean = () => true,
): number => mine.reduce((sum, { id }) => sum + (counts(id) ? (rows[id]?.unread ?? 0) : 0), 0);

export interface SignPorts {
  /** Puts a number on the app's icon, 0 for none; absent where the browser has no badges. */
  readonly setBadge?: ((count: number) => Promise<unknown>) | undefined;
  readonly title: { get(): string; set(title: string): void };
  readonly after: (ms: number, done: () => void) => () => void;
}

/** A person reads faster than an icon needs to follow. */
const REST_MS = 1_000;
const MOST_IN_TITLE = 99;
const counted = /^\(\d+\+?\) /;

/** The title with a count in front, or without one for 0. */
export const countedTitle = (title: string, count: number): string => {
  const bare = title.replace(counted, '');
  if (count === 0) return bare;
  return `(${count > MOST_IN_TITLE ? `${MOST_IN_TITLE}+` : count}) ${bare}`;
};

export class UnreadSign {
  readonly #ports: SignPorts;
  #badge: number | undefined;
  #stop: () => void = () => undefined;

  constructor(ports: SignPorts) {
    this.#ports = ports;
  }

  /** How many there are; in a background tab the title says it at once, the icon after a moment's rest. */
  show(count: number, isBackground: boolean): void {
    const { setBadge, title, after } = this.#ports;
    const next = countedTitle(title.get(), isBackground ? count : 0);
    if (next !== title.get()) title.set(next);
    this.#stop();
    if (!setBadge || count === this.#badge) return;
    this.#stop = after(REST_MS, () => {
      this.#badge = count;
      // A browser may have the door without letting anybody through: no icon, no badge.
      setBadge(count).catch(() => undefined);
    });
  }
}

/** The real window's side. */
export const windowSignPorts = (): SignPorts => ({
  setBadge:
    'setAppBadge' in navigator
      ? (count) => (count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count))
      : undefined,
  title: { get: () => document.title, set: (title) => (document.title = title) },
  after(ms, done) {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  },
});
