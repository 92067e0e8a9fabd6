import { expect, test } from 'vitest';
import { makeMediaServers, normalizeServerUrl, parseMediaServers, preferMediaServer } from './servers.ts';
import { extensionOf, formOf, isOpenType, typeOfName } from './types.ts';

const event = (tags: string[][]) => ({
  kind: 10063,
  tags,
  content: 'kept',
  id: '',
  pubkey: '',
  created_at: 1,
  sig: '',
});

test('servers are read in their order, once each, and only those of the web', () => {
  expect(
    parseMediaServers(
      event([
        ['server', 'https://A.example/x'],
        ['server', 'ftp://b'],
        ['r', 'https://c'],
        ['server', 'https://a.example'],
        ['server', 'http://d.example:81/'],
      ]),
    ),
  ).toEqual(['https://a.example', 'http://d.example:81']);
  expect(normalizeServerUrl('a.example')).toBeUndefined();
});

test('a list keeps what it does not know, and every server but the one in question', () => {
  const before = event([
    ['server', 'https://a.example/'],
    ['x', 'y'],
  ]);
  expect(makeMediaServers({ server: 'https://a.example', kept: true }, before).tags).toEqual(before.tags);
  const both = makeMediaServers({ server: 'https://b.example/', kept: true }, before);
  expect(both).toEqual({
    kind: 10063,
    content: 'kept',
    tags: [...before.tags, ['server', 'https://b.example']],
  });
  expect(makeMediaServers({ server: 'https://a.example', kept: false }, before).tags).toEqual([['x', 'y']]);
  expect(makeMediaServers({ server: 'https://a.example', kept: true }).tags).toEqual([
    ['server', 'https://a.example'],
  ]);
});

test('types: what they end in, what they are to people, which may stand open', () => {
  expect([extensionOf('image/jpeg'), extensionOf('video/mp4;codecs=avc1'), extensionOf('a/b')]).toEqual([
    'jpg',
    'mp4',
    'bin',
  ]);
  expect([typeOfName('A.JPEG'), typeOfName('x.pdf'), typeOfName('x')]).toEqual([
    'image/jpeg',
    'application/pdf',
    undefined,
  ]);
  expect(
    ['image/png', 'image/svg+xml', 'video/webm', 'audio/ogg', 'application/pdf', 'text/html'].map(formOf),
  ).toEqual(['picture', 'file', 'video', 'audio', 'document', 'file']);
  expect(['image/png', 'application/pdf', 'text/html', 'application/octet-stream'].map(isOpenType)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('a server goes before all others, once, whatever else is in the list', () => {
  const before = event([
    ['server', 'https://a.example'],
    ['x', 'y'],
    ['server', 'https://b.example/'],
  ]);
  const draft = preferMediaServer('https://b.example', before);
  expect(draft).toEqual({
    kind: 10063,
    content: 'kept',
    tags: [
      ['server', 'https://b.example'],
      ['server', 'https://a.example'],
      ['x', 'y'],
    ],
  });
  expect(preferMediaServer('https://c.example').tags).toEqual([['server', 'https://c.example']]);
});
