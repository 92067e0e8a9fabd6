/** Items of a person's own lists, open and sealed to themselves (NIP-51). What other clients wrote stays as it is. */
import { parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Tag, Tags } from '../event.ts';

/** What a list says: to everybody, and to its owner alone. */
export interface ListItems {
  readonly open: Tags;
  readonly sealed: Tags;
}

const isTag = (value: unknown): value is Tag =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');

/** Reads what was sealed: an array of tags as JSON; nothing at all is no tags. Fails with `list` for anything else. */
export const parseSealedTags = (text: string): Result<Tags, Failure<'list'>> => {
  if (text === '') return ok([]);
  const json = parseJson(text);
  const value = json.ok ? json.value : undefined;
  return Array.isArray(value) && value.every(isTag)
    ? ok(value)
    : fail('list', 'what is sealed in this list is no list of tags');
};

/** The text that is sealed; empty for no tags at all. */
export const sealedText = (tags: Tags): string => (tags.length === 0 ? '' : JSON.stringify(tags));

/** True for content that NIP-04 sealed, as lists were before NIP-44: it is not read here, and never written over. */
export const isOldSeal = (content: string): boolean => content.includes('?iv=');

/** The values of the items of one name, each once, in their order. */
export const itemsNamed = (tags: Tags, name: string): string[] => [
  ...new Set(tags.flatMap((tag) => (tag[0] === name && tag[1] ? [tag[1]] : []))),
];

/** With this item, once. The very same tags where it is among them already. */
export const withItem = (tags: Tags, item: Tag): Tags =>
  tags.some((tag) => isSameItem(tag, item)) ? tags : [...tags, item];

/** Without an item, whatever else its tags say. The very same tags where it is not among them. */
export const withoutItem = (tags: Tags, item: Tag): Tags => {
  const kept = tags.filter((tag) => !isSameItem(tag, item));
  return kept.length === tags.length ? tags : kept;
};

const isSameItem = (tag: Tag, item: Tag): boolean => tag[0] === item[0] && tag[1] === item[1];
