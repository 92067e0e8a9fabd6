import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeLine, parseLine } from '../messages.ts';
import {
  contentWithFiles,
  contentWithoutFiles,
  makeFileMetadata,
  makeImeta,
  parseAttachments,
  parseFileMetadata,
} from './attachments.ts';
import type { Attachment } from './attachments.ts';

const hash = 'c'.repeat(64);
const photo: Attachment = {
  url: `https://city.example/${hash}.jpg`,
  hash,
  type: 'image/jpeg',
  size: 120_000,
  width: 1200,
  height: 800,
  blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  thumb: `https://city.example/${'d'.repeat(64)}.webp`,
  alt: 'Two boats in the harbor, morning light',
  name: 'boats.jpg',
};
const voice: Attachment = { url: 'https://city.example/v.ogg', type: 'audio/ogg', duration: 12.345 };

test('what hangs on a line is read as it was written', () => {
  const draft = makeLine({ group: 'g', kind: 1, text: 'Look', files: [photo, voice] });
  expect(draft.content).toBe(`Look\n${photo.url}\n${voice.url}`);
  expect(parseAttachments(draft)).toEqual([photo, voice]);
  expect(contentWithoutFiles(draft.content, [photo, voice])).toBe('Look');
  const bare = makeLine({ group: 'g', kind: 1, text: '', files: [photo] });
  expect(bare.content).toBe(photo.url);
  expect(contentWithoutFiles(bare.content, [photo])).toBe('');
  const event = { ...draft, id: 'e'.repeat(64), pubkey: 'f'.repeat(64), created_at: 1, sig: '' };
  expect(parseLine(event)?.text).toBe(draft.content);
});

test('the tag is NIP-92 to the letter', () => {
  expect(
    makeImeta({ url: 'https://a.example/x.png', type: 'image/png', width: 3, height: 4, alt: 'a b' }),
  ).toEqual(['imeta', 'url https://a.example/x.png', 'm image/png', 'dim 3x4', 'alt a b']);
});

test('foreign lines tell less, and it is enough: the hash of the address, the type of its ending', () => {
  expect(parseAttachments({ tags: [['imeta', `url https://cdn.example/${hash}.webp`]] })).toEqual([
    { url: `https://cdn.example/${hash}.webp`, hash, type: 'image/webp' },
  ]);
});

test.each([
  ['no address', ['imeta', 'm image/png']],
  ['an address that runs', ['imeta', 'url javascript:alert(1)']],
  ['a file on the reader’s disk', ['imeta', 'url file:///etc/passwd']],
  ['nothing', ['imeta']],
])('left out: %s', (_, tag) => expect(parseAttachments({ tags: [tag] })).toEqual([]));

test('lies about size and shape are not believed', () => {
  const [file] = parseAttachments({
    tags: [
      [
        'imeta',
        'url https://a.example/x',
        'dim 0x9',
        'size -4',
        'duration NaN',
        'blurhash <b>',
        'x zz',
        'name ../../etc/passwd',
        'thumb data:x',
      ],
    ],
  });
  expect(file).toEqual({
    url: 'https://a.example/x',
    type: 'application/octet-stream',
    name: '_.._etc_passwd',
  });
});

test('one address once, and never more than twenty files', () => {
  const tags = Array.from({ length: 60 }, (_, n) => ['imeta', `url https://a.example/${n % 30}`]);
  expect(parseAttachments({ tags })).toHaveLength(20);
  expect(parseAttachments({ tags: tags.slice(0, 1).concat(tags.slice(0, 1)) })).toHaveLength(1);
});

test('only the addresses are taken out of the words', () => {
  const files = [{ url: 'https://a.example/1' }];
  expect(contentWithoutFiles('see https://a.example/1 here\n\nand https://a.example/12', files)).toBe(
    'see here\n\nand https://a.example/12',
  );
  expect(contentWithoutFiles('  kept  as is ', [])).toBe('  kept  as is ');
  expect(contentWithFiles('', files)).toBe('https://a.example/1');
});

test('kind 1063 and back', () => {
  expect(parseFileMetadata(makeFileMetadata(photo, { about: 'Boats', group: 'g' }))).toEqual(photo);
  expect(parseFileMetadata({ ...makeFileMetadata(photo), kind: 1 })).toBeUndefined();
});

test('whatever stands in the tags, nothing throws and every address is of the web', () => {
  const field = fc
    .tuple(
      fc.constantFrom('url', 'm', 'x', 'dim', 'size', 'alt', 'thumb', 'name', 'fallback', 'blurhash'),
      fc.string(),
    )
    .map(([name, value]) => `${name} ${value}`);
  fc.assert(
    fc.property(fc.array(fc.array(field)), (all) => {
      for (const { url, thumb } of parseAttachments({ tags: all.map((fields) => ['imeta', ...fields]) }))
        for (const address of [url, thumb]) if (address !== undefined) expect(address).toMatch(/^https?:/i);
    }),
  );
});
