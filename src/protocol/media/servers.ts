/** Where a person's blobs are kept (BUD-03, kind 10063). Fetched, merged, written; foreign tags stay. */
import type { Draft, NostrEvent } from '../event.ts';
import * as kinds from '../kinds.ts';

/** An `http:`/`https:` origin in one spelling; undefined if it isn't one. */
export const normalizeServerUrl = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : undefined;
};

const SERVERS_MAX = 8;

/** The servers of a list, the most trusted first; malformed ones left out. */
export const parseMediaServers = (event: Pick<NostrEvent, 'tags'>): string[] => {
  const servers = event.tags.flatMap(([name, address]) =>
    name === 'server' && address ? (normalizeServerUrl(address) ?? []) : [],
  );
  return [...new Set(servers)].slice(0, SERVERS_MAX);
};

/** The list with this server before all others; every other tag and the content stay as they are. */
export const preferMediaServer = (server: string, previous?: NostrEvent): Draft => {
  const origin = normalizeServerUrl(server) ?? server;
  const before = previous?.tags ?? [];
  const others = before.filter((tag) => tag[0] !== 'server' || normalizeServerUrl(tag[1] ?? '') !== origin);
  return {
    kind: kinds.MEDIA_SERVERS,
    content: previous?.content ?? '',
    tags: [['server', origin], ...others],
  };
};

/** The list with a server in it, or without; every other tag and the content stay as they are. */
export const makeMediaServers = (
  { server, kept }: { readonly server: string; readonly kept: boolean },
  previous?: NostrEvent,
): Draft => {
  const origin = normalizeServerUrl(server) ?? server;
  const before = previous?.tags ?? [];
  const isIt = (tag: readonly string[]): boolean =>
    tag[0] === 'server' && normalizeServerUrl(tag[1] ?? '') === origin;
  const tags = kept && before.some(isIt) ? before : before.filter((tag) => !isIt(tag));
  return {
    kind: kinds.MEDIA_SERVERS,
    content: previous?.content ?? '',
    tags: kept && !before.some(isIt) ? [...tags, ['server', origin]] : tags,
  };
};
