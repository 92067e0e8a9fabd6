import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStreetMapTiles, parseTileUrl, TileHealth } from './street-tiles.ts';

test('the suggestion is a good address', () => {
  const address = parseTileUrl(openStreetMapTiles.url);
  expect(address.ok && address.value.host).toBe('tile.openstreetmap.org');
});

test.each([
  'https://tiles.example/{z}/{x}/{y}.png',
  'https://tiles.example:8443/{z}/{y}/{x}?key=abc',
  'http://localhost:8080/{z}/{x}/{y}.png',
  'http://127.0.0.1/{z}/{x}/{y}',
  '  https://tiles.example/{z}/{x}/{y}  ',
])('taken: %s', (url) => expect(parseTileUrl(url).ok).toBe(true));

test.each([
  '',
  'tiles',
  'http://tiles.example/{z}/{x}/{y}.png',
  'javascript:alert({z}{x}{y})',
  'data:image/png,{z}{x}{y}',
  'https://tiles.example/{z}/{x}.png',
  'https://tiles.example/{z}/{x}/{y}/{y}.png',
  'https://{s}.tiles.example/{z}/{x}/{y}.png',
  'https://{z}.{x}.{y}/',
  'https://{y}:{z}{x}',
  'https:///{z}/{x}/{y}',
  'https://a{z}.example/{x}/{y}',
  'https://user:secret@tiles.example/{z}/{x}/{y}',
  'https://tiles.example/{z}/{x}/{y} .png',
])('refused: %s', (url) => expect(parseTileUrl(url).ok).toBe(false));

test('whatever is taken is https or this machine, and its host is fixed', () => {
  const part = fc.constantFrom(
    'https://',
    'http://',
    'localhost',
    '{z}',
    '{x}',
    '{y}',
    '/',
    '.',
    'a',
    '@',
    ':',
    '{',
    '}',
    '?',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const address = parseTileUrl(parts.join(''));
      if (!address.ok) return;
      expect(address.value.url).toMatch(/^https?:\/\//);
      expect(address.value.host).not.toMatch(/[{}]/);
    }),
    { numRuns: 2000 },
  );
});

test('a server is silent after several failures in a row, until a tile comes', () => {
  const health = new TileHealth(3);
  health.failed();
  health.failed();
  expect(health.silent).toBe(false);
  health.failed();
  expect(health.silent).toBe(true);
  health.came();
  expect(health.silent).toBe(false);
});
