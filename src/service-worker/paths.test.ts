import { expect, test } from 'vitest';
import { isLater, serverPaths } from './paths.ts';

test('the shell and the coarse world are there from the installation on', () => {
  for (const path of [
    '/_app/immutable/entry/start.Bx1.js',
    '/manifest.webmanifest',
    '/icons/icon.svg',
    '/icons/icon-192.png',
    '/map/generated/atlas.json',
    '/map/generated/world-110m.bin',
    '/map/generated/cities-large.json',
  ])
    expect([path, isLater(path)]).toEqual([path, false]);
});

test('large things wait until somebody needs them, the map’s sources for ever', () => {
  for (const path of [
    '/map/generated/world-50m.bin',
    '/map/generated/fine/0-10.bin',
    '/map/generated/cities.json',
    '/map/lakes.json',
    '/map/README.md',
    '/_app/immutable/assets/emoji-data.C0.json',
    '/icons/maskable-512.png',
    '/icons/shortcut-map.png',
    '/screenshots/wide.webp',
  ])
    expect([path, isLater(path)]).toEqual([path, true]);
});

test('what the server answers itself is never the app’s shell', () => {
  expect(
    ['/health', '/metrics', '/api/x', '/.well-known/nostr.json'].every((path) => serverPaths.test(path)),
  ).toBe(true);
  expect(['/', '/healthy', '/g/api', '/you'].some((path) => serverPaths.test(path))).toBe(false);
});
