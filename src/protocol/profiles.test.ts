import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvent, anyJson, anyText, eventOfKind } from '../../tests/support/wire-arbitraries.ts';
import type { NostrEvent } from './event.ts';
import * as kinds from './kinds.ts';
import { checkProfile, makeProfile, parseProfile } from './profiles.ts';

const event = (content: string, tags: string[][] = []): NostrEvent => ({
  kind: kinds.PROFILE,
  content,
  tags,
  created_at: 1,
  id: 'a'.repeat(64),
  pubkey: 'b'.repeat(64),
  sig: 'c'.repeat(128),
});
const read = (value: unknown) => {
  const result = parseProfile(event(JSON.stringify(value)));
  return result.ok ? result.value : undefined;
};

const field = fc.constantFrom(
  'name',
  'display_name',
  'about',
  'picture',
  'website',
  'nip05',
  'lud16',
  'bot',
  'x',
);
const content = fc.oneof(
  anyText,
  fc.json(),
  fc.dictionary(field, fc.oneof(anyText, anyJson, fc.webUrl())).map((value) => JSON.stringify(value)),
);

test('parseProfile never throws; names are one safe line, links are https, pictures of the web, nothing is empty', () => {
  fc.assert(
    fc.property(fc.oneof(anyEvent, eventOfKind(kinds.PROFILE)), content, (event, content) => {
      const result = parseProfile({ ...event, content });
      if (!result.ok) return void expect(result.error.code).toBe('profile');
      const { name, about, picture, website, nip05, lud16 } = result.value;
      for (const text of [name, about, picture, website, nip05, lud16]) expect(text).not.toBe('');
      expect(Array.from(name ?? '').length).toBeLessThanOrEqual(50);
      expect(`${name}${nip05}${lud16}`).not.toMatch(/[\u0000-\u001f\u200b\u202a-\u202e\u2066-\u2069]/);
      if (website !== undefined) expect(new URL(website).protocol).toBe('https:');
      if (picture !== undefined) expect(new URL(picture).protocol).toMatch(/^https?:$/);
    }),
    { numRuns: 1500 },
  );
});

test.each(['', 'null', '[]', '"name"', '{', '{"a":'.repeat(50)])('content %j is no profile', (content) => {
  expect(parseProfile(event(content)).ok).toBe(false);
});

test('wrong types and tricks are left out, not shown', () => {
  expect(
    read({ name: 7, about: [], picture: 'javascript:alert(1)', website: 'http://a.example', bot: 'yes' }),
  ).toEqual({});
  expect(read({ name: '\u200b\u202e', nip05: '\u2066', display_name: 'Ada\u202eL' })).toEqual({
    name: 'AdaL',
  });
  expect(read({ name: 'x'.repeat(900) })?.name).toHaveLength(50);
  expect(read({ bot: true, picture: 'https://a.example/p.png' })).toEqual({
    bot: true,
    picture: 'https://a.example/p.png',
  });
});

test('an endless description is cut between characters, never inside one', () => {
  const about = read({ about: `x${'🌊'.repeat(9000)}` })?.about ?? '';
  expect(Array.from(about)).toHaveLength(2000);
  expect(about.endsWith('🌊')).toBe(true);
});

test('another client’s fields and tags survive our writing; old work does not', () => {
  const safe = fc.string({ unit: fc.constantFrom(...'abcxyz'), minLength: 1 });
  fc.assert(
    fc.property(fc.dictionary(safe, anyJson), safe, (foreign, name) => {
      const before = event(JSON.stringify({ ...foreign, name: 'old' }), [
        ['nonce', '1', '20'],
        ['i', 'github:x'],
      ]);
      const draft = makeProfile({ name }, before);
      const wire = JSON.parse(JSON.stringify(foreign)) as Record<string, unknown>;
      expect(JSON.parse(draft.content)).toEqual({ ...wire, name });
      expect(draft.tags).toEqual([['i', 'github:x']]);
    }),
  );
  expect(JSON.parse(makeProfile({ name: 'Ada' }, event('not json')).content)).toEqual({ name: 'Ada' });
});

test('what we write, we read', () => {
  const profile = {
    name: 'Ada Lind',
    about: 'Rows at dawn.\nKeeps bees.',
    website: 'https://ada.example/',
    bot: true,
  };
  expect(parseProfile(event(makeProfile(profile).content))).toEqual({ ok: true, value: profile });
});

test.each([
  [{ name: 'Al' }, 'name'],
  [{}, 'name'],
  [{ name: '  a ' }, 'name'],
  [{ name: 'x'.repeat(51) }, 'name'],
  [{ name: 'Ada', about: 'x'.repeat(501) }, 'about'],
])('checkProfile refuses %j', (profile, code) => {
  const result = checkProfile(profile);
  expect(result.ok || result.error.code).toBe(code);
});

test('checkProfile counts characters', () => {
  expect(checkProfile({ name: '🌊'.repeat(50), about: '🌊'.repeat(500) }).ok).toBe(true);
  expect(checkProfile({ name: '李小龍' }).ok).toBe(true);
});
