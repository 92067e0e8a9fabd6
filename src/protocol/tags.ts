/** Reading tags (NIP-01). */
import type { Tag, Tags } from './event.ts';

interface Tagged {
  readonly tags: Tags;
}

/** The first tag of a name. */
export const findTag = (event: Tagged, name: string): Tag | undefined =>
  event.tags.find((tag) => tag[0] === name);

/** The first value of a tag's name, if any. */
export const tagValue = (event: Tagged, name: string): string | undefined => findTag(event, name)?.[1];

/** All first values of a tag's name, in order. */
export const tagValues = (event: Tagged, name: string): string[] =>
  event.tags.flatMap((tag) => (tag[0] === name && tag[1] !== undefined ? [tag[1]] : []));

/** True when a tag of that name is there, with or without a value (flags such as `private`, `-`). */
export const hasTag = (event: Tagged, name: string): boolean => event.tags.some((tag) => tag[0] === name);

/** The group of an event: its `h` tag (NIP-29). */
export const groupOf = (event: Tagged): string | undefined => tagValue(event, 'h');

/** When the event ends, Unix seconds (NIP-40); undefined where there is no readable `expiration`. */
export const expirationOf = (event: Tagged): number | undefined => {
  const value = tagValue(event, 'expiration');
  return value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
};

/** True when the event's NIP-40 time has come. */
export const isExpired = (event: Tagged, now: number): boolean => {
  const end = expirationOf(event);
  return end !== undefined && end <= now;
};

/** The `d` tag of an addressable event, '' where absent (NIP-01). */
export const identifierOf = (event: Tagged): string => tagValue(event, 'd') ?? '';
