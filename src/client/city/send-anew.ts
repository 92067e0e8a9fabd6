/** Sending refused things anew: the same words with a new time, and with work where a relay asked for it. */
import type { Draft, NostrEvent, Tag } from '#protocol/event.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { City, PublishFailure } from './city.ts';

/** Tags that belong to the old time and the old work. */
const BOUND: ReadonlySet<string> = new Set(['nonce', 'seq']);

const renamed = (tag: Tag, names: ReadonlyMap<string, string>): Tag =>
  tag.map((value, index) => (index === 0 ? value : (names.get(value) ?? value)));

/** The same intent without what bound it to its time; ids of what was sent anew before it are exchanged. */
export const draftAnew = (
  { kind, tags, content }: Pick<NostrEvent, 'kind' | 'tags' | 'content'>,
  names: ReadonlyMap<string, string> = new Map(),
): Draft => ({
  kind,
  content,
  tags: tags.filter(([name]) => !BOUND.has(name ?? '')).map((tag) => renamed(tag, names)),
});

interface AnewOptions {
  /** Bits of work that the relay asked for. */
  readonly work?: number;
  /** What the tray calls the work. */
  readonly title?: string;
}

/**
 * Signs these refused events anew, in the order in which they were written, each in the place of the old one; an answer to one of them
 * follows it. Stops at the first that cannot be sent, and leaves the rest as they are. How many were sent.
 */
export const sendAnew = async (
  city: Pick<City, 'account' | 'refused' | 'publish'>,
  ids: readonly string[],
  options: AnewOptions = {},
): Promise<Result<number, PublishFailure>> => {
  const wanted = (await city.refused()).filter(({ event }) => ids.includes(event.id));
  const names = new Map<string, string>();
  for (const { event, relays, after = [] } of wanted) {
    if (event.pubkey !== city.account?.pubkey)
      return fail('no-account', 'Another account wrote this. Sign in with that account.');
    const published = await city.publish(draftAnew(event, names), {
      ...options,
      ...(after.length > 0 ? { after } : {}),
      relays,
      instead: event.id,
    });
    if (!published.ok) return published;
    names.set(event.id, published.value.event.id);
  }
  return ok(names.size);
};
