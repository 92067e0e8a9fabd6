import { expect, test } from 'vitest';
import { findMe } from './near-me.ts';
import type { Locator } from './near-me.ts';

const at = (latitude: number, longitude: number): Locator => ({
  getCurrentPosition: (found) => found({ coords: { latitude, longitude } }),
});
const failing = (code: number): Locator => ({ getCurrentPosition: (_found, failed) => failed({ code }) });

test('where the device says', async () => {
  expect(await findMe(at(38.7, -9.1))).toEqual({ ok: true, value: { latitude: 38.7, longitude: -9.1 } });
});

test.each([
  [undefined, 'unsupported'],
  [failing(1), 'refused'],
  [failing(2), 'unknown'],
  [failing(3), 'slow'],
  [failing(99), 'unknown'],
  [at(Number.NaN, 0), 'unknown'],
])('each failure has its own name (%#)', async (locator, code) => {
  const found = await findMe(locator);
  expect(!found.ok && found.error.code).toBe(code);
});

test('it asks coarsely, once, and not for ever', async () => {
  const asked: object[] = [];
  await findMe({
    getCurrentPosition: (found, _failed, options) => {
      asked.push(options);
      found({ coords: { latitude: 1, longitude: 1 } });
    },
  });
  expect(asked).toEqual([{ maximumAge: 300_000, timeout: 10_000, enableHighAccuracy: false }]);
});
