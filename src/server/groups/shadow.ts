/** A place's state as rows of seed 000's tables: only what differs from before. */
import { geohashCentre } from '#shared/geohash.ts';
import { ADMIN_ROLE, MODERATOR_ROLE } from '#protocol/groups.ts';
import type { AttributeRow, PersonRow, PlaceRow, ShadowChange } from '../store/group-tables.ts';
import type { GroupState } from './state.ts';

const MEMBER_ROLE = 'member';
const toCents = (degrees: number): number => Math.round(degrees * 100) / 100; // two decimals, as the seed wants

const placeRow = (state: GroupState, relayUrl: string): PlaceRow => {
  const { profile } = state;
  const centre = profile.geohash ? geohashCentre(profile.geohash) : { latitude: 0, longitude: 0 };
  return {
    group_id: state.id,
    name: profile.name,
    description: profile.about,
    geohash: profile.geohash ?? '',
    latitude: toCents(centre.latitude),
    longitude: toCents(centre.longitude),
    privacy_level: profile.modes.private || profile.modes.hidden ? 'private' : 'public',
    picture: profile.picture ?? null,
    relay_url: relayUrl,
    created_by: state.createdBy,
    is_active: !state.deleted,
    member_count: state.members.size,
    created_at: state.createdAt,
    updated_at: state.updatedAt,
  };
};

const peopleRows = (before: GroupState | undefined, after: GroupState): PersonRow[] =>
  [...after.members].flatMap(([pubkey, membership]) => {
    if (before?.members.get(pubkey) === membership) return [];
    const { roles, joinedAt, addedBy } = membership;
    const role = [ADMIN_ROLE, MODERATOR_ROLE].find((each) => roles.includes(each)) ?? roles[0] ?? MEMBER_ROLE;
    return [{ group_id: after.id, pubkey, role, joined_at: joinedAt, added_by: addedBy }];
  });

const attributeRows = (before: GroupState | undefined, after: GroupState): AttributeRow[] => {
  const row = (key: string, value: unknown): AttributeRow => ({
    group_id: after.id,
    key,
    value,
    updated_at: after.updatedAt,
  });
  return [
    ...(before?.profile === after.profile ? [] : [row('modes', after.profile.modes)]),
    ...(before && before.pins === after.pins ? [] : [row('pins', after.pins)]),
  ];
};

/** The rows to write when a place goes from one state to the next. */
export const shadowOf = (
  before: GroupState | undefined,
  after: GroupState,
  relayUrl: string,
): ShadowChange => ({
  places: [placeRow(after, relayUrl)],
  people: peopleRows(before, after),
  gone: [...(before?.members.keys() ?? [])]
    .filter((pubkey) => !after.members.has(pubkey))
    .map((pubkey) => ({ group_id: after.id, pubkey })),
  attributes: attributeRows(before, after),
});

/** Several changes as one. */
export const joinShadows = (changes: readonly ShadowChange[]): ShadowChange => ({
  places: changes.flatMap((change) => change.places),
  people: changes.flatMap((change) => change.people),
  gone: changes.flatMap((change) => change.gone),
  attributes: changes.flatMap((change) => change.attributes),
});
