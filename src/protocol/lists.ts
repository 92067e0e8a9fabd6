/** Replaceable lists: relays of a person (NIP-65), my groups (NIP-51). Fetched, merged, written; foreign tags stay. */
import type { Draft, NostrEvent, Tag } from './event.ts';
import * as kinds from './kinds.ts';

/** A `ws:`/`wss:` address in one spelling (no fragment, no trailing slash, lower-case host); undefined if it isn't one. */
export const normalizeRelayUrl = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'wss:' && url.protocol !== 'ws:') return undefined;
  url.hash = '';
  return url.toString().replace(/\/+$/, '');
};

export interface RelayList {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** NIP-65: where a person reads and writes; malformed addresses left out. */
export const parseRelayList = (event: NostrEvent): RelayList => {
  const read = new Set<string>();
  const write = new Set<string>();
  for (const [name, address, marker] of event.tags) {
    const url = name === 'r' && address ? normalizeRelayUrl(address) : undefined;
    if (!url) continue;
    if (marker !== 'write') read.add(url);
    if (marker !== 'read') write.add(url);
  }
  return { read: [...read], write: [...write] };
};

/** NIP-65 with this relay in it, keeping every tag that is there. */
export const makeRelayList = (relay: string, previous?: NostrEvent): Draft => {
  const kept = previous?.tags ?? [];
  const address = normalizeRelayUrl(relay) ?? relay;
  const known = kept.some((tag) => tag[0] === 'r' && normalizeRelayUrl(tag[1] ?? '') === address);
  return {
    kind: kinds.RELAY_LIST,
    content: previous?.content ?? '',
    tags: known ? kept : [...kept, ['r', address]],
  };
};

/** NIP-17 10050 with this relay among those where sealed messages are received, keeping every tag that is there. */
export const makeInboxRelays = (relay: string, previous?: NostrEvent): Draft => {
  const kept = previous?.tags ?? [];
  const known = kept.some((tag) => tag[0] === 'relay' && normalizeRelayUrl(tag[1] ?? '') === relay);
  return {
    kind: kinds.INBOX_RELAYS,
    content: previous?.content ?? '',
    tags: known ? kept : [...kept, ['relay', relay]],
  };
};

export interface GroupReference {
  readonly group: string;
  readonly relay: string;
}

/** NIP-51 10009: the groups a person wants to remember being in. */
export const parseMyGroups = (event: NostrEvent): GroupReference[] =>
  event.tags.flatMap(([name, group, relay]) => {
    const url = relay ? normalizeRelayUrl(relay) : undefined;
    return name === 'group' && group && url ? [{ group, relay: url }] : [];
  });

const isSameGroup = (tag: Tag, { group, relay }: GroupReference): boolean =>
  tag[0] === 'group' && tag[1] === group && normalizeRelayUrl(tag[2] ?? '') === relay;

/** 10009 with a group added or taken out; every other tag and the sealed content stay as they are. */
export const makeMyGroups = (
  change: GroupReference & { readonly member: boolean; readonly name?: string },
  previous?: NostrEvent,
): Draft => {
  const others = (previous?.tags ?? []).filter((tag) => !isSameGroup(tag, change));
  const own: Tag[] = change.member
    ? [['group', change.group, change.relay, ...(change.name ? [change.name] : [])]]
    : [];
  return { kind: kinds.MY_GROUPS, content: previous?.content ?? '', tags: [...others, ...own] };
};
