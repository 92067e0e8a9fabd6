/** What the switcher offers, in the order shown. */
import type { TextRange } from '#client/store/search/text/highlight.ts';
import type { SwitchEntry } from './entries.ts';

export type OfferGroup = 'unread' | 'recent' | 'conversations' | 'commands' | 'found' | 'words';

export type Offer =
  | {
      readonly group: Exclude<OfferGroup, 'words'>;
      readonly key: string;
      readonly entry: SwitchEntry;
      readonly ranges: readonly TextRange[];
    }
  /** The way to the search for these words in everything. */
  | { readonly group: 'words'; readonly key: 'words'; readonly text: string };

const MOST = { unread: 6, recent: 6, conversations: 6, commands: Infinity };

/**
 * Before anything was typed: unread talk, where one was last, other own places, what can be done. Each thing once, and
 * not the one that is open (`current`).
 */
export const offersAtRest = (
  entries: readonly SwitchEntry[],
  recent: readonly string[],
  current: string | undefined,
): Offer[] => {
  const own = entries.filter(isConversation).sort((a, b) => lastAt(b) - lastAt(a));
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const groups = {
    unread: own.filter(isUnread),
    recent: recent.flatMap((key) => byKey.get(key) ?? []),
    conversations: own,
    commands: entries.filter(({ kind }) => kind === 'command'),
  };
  const taken = new Set(current === undefined ? [] : [current]);
  return (['unread', 'recent', 'conversations', 'commands'] as const).flatMap((group) => {
    const fresh = groups[group].filter(({ key }) => !taken.has(key)).slice(0, MOST[group]);
    fresh.forEach(({ key }) => taken.add(key));
    return fresh.map((entry): Offer => ({ group, key: entry.key, entry, ranges: [] }));
  });
};

const isConversation = (entry: SwitchEntry): boolean =>
  entry.kind === 'target' && entry.target.kind === 'conversation';
const isUnread = (entry: SwitchEntry): boolean => entry.kind === 'target' && (entry.target.unread ?? 0) > 0;
const lastAt = (entry: SwitchEntry): number => (entry.kind === 'target' ? (entry.target.at ?? 0) : 0);
