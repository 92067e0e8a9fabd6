import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeLine } from '../messages.ts';
import { makePreviewTag, parsePreviews, previewWords, PREVIEW_MAX } from './previews.ts';
import type { LinkPreview } from './previews.ts';

const hash = 'a'.repeat(64);
const preview: LinkPreview = {
  url: 'https://paper.example/tides',
  title: 'How tides turn',
  description: 'Twice a day the harbour breathes.',
  site: 'The Paper',
  picture: {
    url: `https://city.example/${hash}.webp`,
    hash,
    type: 'image/webp',
    size: 20_000,
    width: 480,
    height: 252,
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  },
};
const read = (...fields: string[]) => parsePreviews({ tags: [['iog', ...fields]] });

test('a line carries what its author saw, by the tag that is proposed for it', () => {
  const draft = makeLine({ group: 'g', kind: 1, text: preview.url, previews: [preview] });
  const tag = draft.tags.find(([name]) => name === 'iog');
  expect(tag).toContain('title How tides turn');
  expect(tag).toContain(`image https://city.example/${hash}.webp`);
  expect(tag).toContain(`x ${hash}`);
  expect(tag).toContain('dim 480x252');
  expect(draft.content).toBe(preview.url);
  expect(parsePreviews(draft)).toEqual([preview]);
});

test('a card as its proposal shows it is read; what it says beside is passed over', () => {
  expect(
    read(
      'url https://nostr.org',
      'type website',
      'title Notes and Other Stuff',
      'description Come join us',
      'image https://nostr.org/social.png',
      'm image/png',
      `x ${hash}`,
      'dim 1200x630',
      'locale en',
    ),
  ).toMatchObject([
    { url: 'https://nostr.org', title: 'Notes and Other Stuff', picture: { width: 1200, hash } },
  ]);
});

test('without a title, or for what is no web address, there is no card', () => {
  expect(read('url https://a.example')).toEqual([]);
  expect(read('url https://a.example', 'title  \u202e ')).toEqual([]);
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    '/a',
    'https://me:pw@a.example',
    'ftp://a.b',
    '',
  ])
    expect(read(`url ${url}`, 'title A')).toEqual([]);
  expect(read(`url https://a.example/${'x'.repeat(3000)}`, 'title A')).toEqual([]);
});

test('words are one tame line each, and no longer than a card', () => {
  const [card] = read(
    'url https://a.example',
    `title \u202eKcattA\nYour\u0000 bank\u2067 ${'x'.repeat(9000)}`,
    'description a\nb',
    'site_name \u200b',
  );
  expect(card?.title).toMatch(/^KcattA Your bank x+…$/);
  expect(Array.from(card?.title ?? '')).toHaveLength(PREVIEW_MAX.title);
  expect(card?.description).toBe('a b');
  expect(card).not.toHaveProperty('site');
});

test('a picture needs the hash of its bytes, and is a picture', () => {
  const picture = (...fields: string[]) => read('url https://a.example', 'title A', ...fields)[0]?.picture;
  expect(picture('image https://a.example/x.png', 'm image/png')).toBeUndefined();
  expect(picture('image https://a.example/x.svg', 'm image/svg+xml', `x ${hash}`)).toBeUndefined();
  expect(picture('image https://a.example/x.html', 'm text/html', `x ${hash}`)).toBeUndefined();
  expect(picture('image javascript:1', 'm image/png', `x ${hash}`)).toBeUndefined();
  expect(picture('image https://a.example/x.png', 'm image/png', `x ${hash}`)).toMatchObject({ hash });
});

test('each address once, three at most', () => {
  const tags = [1, 1, 2, 3, 4].map((n) => makePreviewTag({ url: `https://a.example/${n}`, title: `t${n}` }));
  expect(parsePreviews({ tags }).map(({ url }) => url.at(-1))).toEqual(['1', '2', '3']);
});

test('whatever a stranger writes is read or passed over', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (fields) => {
      for (const { url, title } of read('url https://a.example', ...fields)) {
        expect(url).toBe('https://a.example');
        expect(Array.from(title).length).toBeLessThanOrEqual(PREVIEW_MAX.title);
      }
    }),
  );
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.webUrl(), fc.string(), fc.string(), (url, title, description) => {
      const words = previewWords({ title, description });
      fc.pre(words !== undefined);
      expect(parsePreviews({ tags: [makePreviewTag({ url, ...words })] })).toEqual([{ url, ...words }]);
    }),
  );
});
