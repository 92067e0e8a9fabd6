/** What somebody did in a place, said again by the city in its own name, so that the place stays and the person doesn't. */
import type { Draft, NostrEvent, Tag } from '#protocol/event.ts';
import { GROUP_MODE_NAMES, makeInvite } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { INVITE_TAG, VANISHED_TAG } from '../groups/read-actions.ts';
import type { GroupState } from '../groups/state.ts';
import type { Placed } from '../store/vanishing.ts';

/** The tags that make a place what it is; whatever else a client wrote was the person's. */
const MEANINGFUL: ReadonlySet<string> = new Set([
  'h',
  'p',
  'e',
  'a',
  'g',
  'name',
  'about',
  'picture',
  'banner',
  'supported_kinds',
  'livekit',
  'parent',
  'child',
  ...GROUP_MODE_NAMES,
]);

const isAboutPeople = (kind: number): boolean => kind === kinds.PUT_USER || kind === kinds.REMOVE_USER;

/**
 * The same deed as a draft for the city's signature; undefined when it was about nobody but the person, or an invitation
 * (`reissue`). Its place in the order (`row`) makes it different from every other deed of that second.
 */
export const takeOver = ({ row, event }: Placed): (Draft & Pick<NostrEvent, 'created_at'>) | undefined => {
  const { kind, created_at, pubkey } = event;
  if (kind === kinds.CREATE_INVITE) return undefined;
  const tags: Tag[] = event.tags.filter(
    ([name = '', value]) => MEANINGFUL.has(name) && !(name === 'p' && value === pubkey),
  );
  if (isAboutPeople(kind) && !tags.some(([name]) => name === 'p')) return undefined;
  return { kind, created_at, content: '', tags: [...tags, [VANISHED_TAG, String(row)]] };
};

/**
 * An invitation as it still holds in a place, to be given by the city: the same code, the uses that are left, the name by
 * which the city's answers speak of it. Undefined when it was taken back or used up.
 */
export const reissue = (state: GroupState, event: NostrEvent): Draft | undefined => {
  const [code, invite] = [...state.invites].find(([, { eventId }]) => eventId === event.id) ?? [];
  if (code === undefined || !invite || state.deleted) return undefined;
  const { ref, expiration, uses, used } = invite;
  if (uses !== undefined && used >= uses) return undefined;
  const draft = makeInvite(state.id, code, {
    ...(expiration === undefined ? {} : { expiration }),
    ...(uses === undefined ? {} : { uses: uses - used }),
  });
  return { ...draft, tags: [...draft.tags, [INVITE_TAG, ref]] };
};
