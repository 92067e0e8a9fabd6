import { beforeAll, expect, test } from 'vitest';
import type { entriesOf as Entries, OwnFiles } from './precaching.ts';
import { unopenedPage } from './unopened.ts';

let entriesOf: typeof Entries;

beforeAll(async () => {
  // Workbox looks for the worker's own scope as soon as it is read.
  Object.assign(globalThis, { self: globalThis, registration: { scope: 'https://city.example/' } });
  ({ entriesOf } = await import('./precaching.ts'));
});

const own: OwnFiles = {
  base: '',
  build: ['/_app/immutable/start.Bx1.js', '/_app/immutable/assets/emoji-data.C0.json'],
  files: ['/manifest.webmanifest', '/map/generated/fine/0-10.bin'],
  prerendered: ['/shell'],
  version: '17',
};

test('every file that is installed carries its integrity, and is fetched again only when its bytes changed', () => {
  const integrities = {
    '/_app/immutable/start.Bx1.js': 'sha384-a',
    '/manifest.webmanifest': 'sha384-b',
    '/shell': 'sha384-c',
  };
  expect(entriesOf(own, integrities)).toEqual([
    { url: '/_app/immutable/start.Bx1.js', revision: null, integrity: 'sha384-a' },
    { url: '/manifest.webmanifest', revision: 'sha384-b', integrity: 'sha384-b' },
    { url: '/shell', revision: 'sha384-c', integrity: 'sha384-c' },
  ]);
});

test('a build without a list is told apart by its version', () => {
  expect(entriesOf(own, {})).toEqual([
    { url: '/_app/immutable/start.Bx1.js', revision: null },
    { url: '/manifest.webmanifest', revision: '17' },
    { url: '/shell', revision: '17' },
  ]);
});

test('the page for a city that does not open says so, runs nothing, and offers to try again', async () => {
  const page = unopenedPage();
  const text = await page.text();
  expect(page.status).toBe(503);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(text).toContain('The city does not open');
  expect(text).toContain('<a href="">Try again</a>');
  expect(text).not.toContain('<script');
});
