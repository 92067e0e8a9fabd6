/** Kind 0: who somebody says they are (NIP-01, 24). */
import { isRecord, parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { countCharacters, displayLine, displayText } from '#shared/text.ts';
import type { Draft, NostrEvent } from './event.ts';
import * as kinds from './kinds.ts';

/** A person's own words about themselves; every field is a claim. */
export interface Profile {
  readonly name?: string;
  readonly about?: string;
  readonly picture?: string;
  readonly website?: string;
  readonly nip05?: string;
  readonly lud16?: string;
  readonly bot?: boolean;
}

const NAME_MIN = 3;
export const NAME_MAX = 50;
export const ABOUT_MAX = 500;

/** Checks what a person typed for their own profile: name 3–50 characters, about ≤ 500. */
export const checkProfile = (profile: Profile): Result<Profile, Failure<'name' | 'about'>> => {
  const length = countCharacters((profile.name ?? '').trim());
  if (length < NAME_MIN || length > NAME_MAX)
    return fail('name', `a name has ${NAME_MIN} to ${NAME_MAX} characters`);
  if (countCharacters(profile.about ?? '') > ABOUT_MAX)
    return fail('about', `a description has at most ${ABOUT_MAX} characters`);
  return ok(profile);
};

/** Kind 0; fields of another client that this one doesn't know are kept (`previous`). Costs 20 bits. */
export const makeProfile = (profile: Profile, previous?: NostrEvent): Draft => {
  const before = previous ? parseJson(previous.content) : undefined;
  const kept = before?.ok && isRecord(before.value) ? before.value : {};
  return {
    kind: kinds.PROFILE,
    tags: (previous?.tags ?? []).filter((tag) => tag[0] !== 'nonce'),
    content: JSON.stringify({ ...kept, ...profile }),
  };
};

const stringField = (record: Record<string, unknown>, key: string): string | undefined => {
  const value = record[key];
  return typeof value === 'string' && displayLine(value) !== '' ? value : undefined;
};

const httpsUrl = (text: string | undefined): string | undefined =>
  text !== undefined && URL.canParse(text) && new URL(text).protocol === 'https:' ? text : undefined;

/** A picture may stand on a city without a certificate (one's own machine): nobody but a city ever asks for it. */
const webUrl = (text: string | undefined): string | undefined =>
  text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined;

// By code points: a slice could leave half a character.
const cut = (text: string, max: number): string =>
  text.length > max ? Array.from(text).slice(0, max).join('') : text;

/** Reads a stranger's kind 0 tolerantly; names come out as one safe line. Fails only when it is not JSON. */
export const parseProfile = (event: NostrEvent): Result<Profile, Failure<'profile'>> => {
  const json = parseJson(event.content);
  if (event.kind !== kinds.PROFILE || !json.ok || !isRecord(json.value))
    return fail('profile', 'not a profile');
  const record = json.value;
  const name = stringField(record, 'name') ?? stringField(record, 'display_name');
  const about = stringField(record, 'about');
  const nip05 = stringField(record, 'nip05');
  const lud16 = stringField(record, 'lud16');
  const picture = webUrl(stringField(record, 'picture'));
  const website = httpsUrl(stringField(record, 'website'));
  const shown = name === undefined ? '' : displayLine(name, NAME_MAX);
  return ok({
    ...(shown ? { name: shown } : {}),
    ...(about ? { about: cut(displayText(about), 4 * ABOUT_MAX) } : {}),
    ...(picture ? { picture } : {}),
    ...(website ? { website } : {}),
    ...(nip05 ? { nip05: displayLine(nip05, 128) } : {}),
    ...(lud16 ? { lud16: displayLine(lud16, 128) } : {}),
    ...(record['bot'] === true ? { bot: true } : {}),
  });
};
