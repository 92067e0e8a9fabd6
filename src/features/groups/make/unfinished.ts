/** Reads a place that is still being made back from its kind 9007: the words a person typed before a reload. */
import type { UnsignedEvent } from '#protocol/event.ts';
import { isGroupId, parseModes } from '#protocol/groups.ts';
import type { GroupProfile } from '#protocol/groups.ts';
import { CREATE_GROUP } from '#protocol/kinds.ts';
import { groupOf, tagValue } from '#protocol/tags.ts';
import { parseGeohash } from '#shared/geohash.ts';

export interface UnfinishedPlace {
  readonly id: string;
  readonly profile: GroupProfile;
}

/** What `makeCreateGroup` was given; undefined for anything else. */
export const parseCreateGroup = (
  event: Pick<UnsignedEvent, 'kind' | 'tags'>,
): UnfinishedPlace | undefined => {
  const id = groupOf(event);
  if (event.kind !== CREATE_GROUP || id === undefined || !isGroupId(id)) return undefined;
  const cell = parseGeohash(tagValue(event, 'g'));
  const picture = tagValue(event, 'picture');
  return {
    id,
    profile: {
      name: tagValue(event, 'name') ?? '',
      about: tagValue(event, 'about') ?? '',
      ...(picture === undefined ? {} : { picture }),
      ...(cell.ok ? { geohash: cell.value } : {}),
      modes: parseModes(event),
    },
  };
};
