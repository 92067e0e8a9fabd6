import { expect, test } from 'vitest';
import { FakeCity } from '../../../tests/support/fake-city.ts';
import { settingsProjection } from './projection.ts';
import { Settings } from './settings.svelte.ts';

const osm = { url: 'https://tile.test/{z}/{x}/{y}.png', attribution: 'Test' };
const makeCity = () => new FakeCity({ projections: [settingsProjection] });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test('a change is seen at once and kept for the next page', async () => {
  const city = makeCity();
  const settings = new Settings(city);
  await settings.start();
  expect(settings.streetTiles).toBeNull();
  const changing = settings.change('streetTiles', osm);
  expect(settings.streetTiles).toEqual(osm);
  await changing;
  await settings.change('cityOnly', true);
  await settings.change('workers', 2);
  const next = new Settings(city);
  await next.start();
  expect(next.streetTiles).toEqual(osm);
  expect(next.isCityOnly).toBe(true);
  expect(next.workers).toBe(2);
});

test('going back to the usual is a change too', async () => {
  const city = makeCity();
  const settings = new Settings(city);
  await settings.start();
  await settings.change('workers', 2);
  await settings.change('workers', null);
  expect(settings.workers).toBeUndefined();
});

test('another tab’s change arrives, until stopped', async () => {
  const city = makeCity();
  const [one, two] = [new Settings(city), new Settings(city)];
  await Promise.all([one.start(), two.start()]);
  await one.change('theme', 'dark');
  await settled();
  expect(two.values.theme).toBe('dark');
  two.stop();
  await one.change('theme', 'light');
  await settled();
  expect(two.values.theme).toBe('dark');
});

test('settings of other features are left alone', async () => {
  const city = makeCity();
  await city.record({ type: 'SettingChanged', v: 1, name: 'identity.born', value: {} });
  expect(city.rows.dump()).toEqual([]);
});

test('replaying the log gives the same rows', async () => {
  const city = makeCity();
  const settings = new Settings(city);
  await settings.change('theme', 'dark');
  await settings.change('theme', 'contrast');
  const again = makeCity();
  await again.record(...city.log);
  expect(again.rows.dump()).toEqual(city.rows.dump());
});

test('who may know something is everybody, contacts or nobody; what cannot be read is nobody', async () => {
  const city = makeCity();
  const settings = new Settings(city);
  await settings.start();
  const allowed = () => [settings.allows('readReceipts', false), settings.allows('readReceipts', true)];
  expect(allowed()).toEqual([true, true]);
  await settings.change('readReceipts', 'contacts');
  expect(allowed()).toEqual([false, true]);
  await settings.change('readReceipts', 'nobody');
  expect(allowed()).toEqual([false, false]);
  await city.record({ type: 'SettingChanged', v: 1, name: 'showOnline', value: 'friends' });
  const next = new Settings(city);
  await next.start();
  expect(next.allows('showOnline', true)).toBe(false);
});
