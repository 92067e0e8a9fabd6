/** One's own lists as this device knows them, for the page and the service worker alike. */
import { parseSealedTags } from '#protocol/lists/items.ts';
import type { ListItems } from '#protocol/lists/items.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { currentVersion, listKey, listsTable } from '../city/lists-table.ts';
import type { ListAddress } from '../city/lists-table.ts';
import type { RowReader } from '../store/table.ts';
import { openedLists } from './tables.ts';

/** A list as it stands here. */
export interface KnownList {
  /** The version that a change would be based on. */
  readonly version?: NostrEvent;
  /** What is sealed in it, opened; while the current version is not, what was sealed in the one before. */
  readonly content: string;
  /** The content is the current version's own. */
  readonly isOpened: boolean;
}

/** Reads a list of a person of this device. Never asks a relay, never opens anything. */
export const readList = async (
  rows: Pick<RowReader, 'get' | 'part'>,
  pubkey: string,
  list: ListAddress,
): Promise<KnownList> => {
  const key = listKey(pubkey, list);
  const version = currentVersion(await rows.get(listsTable, key));
  if (!version || version.content === '')
    return { ...(version ? { version } : {}), content: '', isOpened: true };
  const own = await rows.get(openedLists, version.id);
  if (own) return { version, content: own.content, isOpened: true };
  const [last] = await rows.part(openedLists, { part: key, limit: 1 });
  return { version, content: last?.content ?? '', isOpened: false };
};

/** The items of a list; of sealed ones those that could be read. */
export const itemsOf = ({ version, content }: KnownList): ListItems => {
  const sealed = parseSealedTags(content);
  return { open: version?.tags ?? [], sealed: sealed.ok ? sealed.value : [] };
};
