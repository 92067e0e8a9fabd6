import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson } from '../../../tests/support/wire-arbitraries.ts';
import { defaultSettings, isSettingName, parseSettings } from './table.ts';

test('nothing kept is the default, and the default reveals nothing', () => {
  expect(parseSettings([])).toEqual(defaultSettings);
  expect(defaultSettings.streetTiles).toBeNull();
});

test('kept values come back', () => {
  const streetTiles = { url: 'https://tiles.test/{z}/{x}/{y}.png', attribution: 'Tiles' };
  expect(
    parseSettings([
      { name: 'theme', value: 'dark' },
      { name: 'streetTiles', value: streetTiles },
      { name: 'cityOnly', value: true },
      { name: 'workers', value: 3 },
      { name: 'onlyCharging', value: true },
      { name: 'linkPreviews', value: false },
      { name: 'filesBound', value: 0 },
      { name: 'showOnline', value: 'contacts' },
      { name: 'readReceipts', value: 'nobody' },
    ]),
  ).toEqual({
    theme: 'dark',
    streetTiles,
    cityOnly: true,
    workers: 3,
    onlyCharging: true,
    linkPreviews: false,
    filesBound: 0,
    showOnline: 'contacts',
    readReceipts: 'nobody',
  });
});

test('malformed values are the default', () => {
  expect(
    parseSettings([
      { name: 'theme', value: 'pink' },
      { name: 'streetTiles', value: { url: 'javascript:1', attribution: '' } },
      { name: 'cityOnly', value: 'yes' },
      { name: 'workers', value: 0.5 },
      { name: 'onlyCharging', value: 1 },
      { name: 'linkPreviews', value: 0 },
      { name: 'filesBound', value: -1 },
    ]),
  ).toEqual(defaultSettings);
});

test('any value gives settings that can be used', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const { workers, cityOnly, streetTiles } = parseSettings(
        ['theme', 'streetTiles', 'cityOnly', 'workers'].map((name) => ({ name, value })),
      );
      expect(workers === null || (workers >= 1 && workers <= 64)).toBe(true);
      expect(typeof cityOnly).toBe('boolean');
      expect(streetTiles === null || streetTiles.url.startsWith('http')).toBe(true);
    }),
  );
});

test('names are the settings’ own', () => {
  expect(isSettingName('theme')).toBe(true);
  expect(isSettingName('identity.born')).toBe(false);
  expect(isSettingName('toString')).toBe(false);
});
