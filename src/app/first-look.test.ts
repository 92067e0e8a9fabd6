import { expect, test } from 'vitest';
import { firstLook, ownClock } from './first-look.ts';

test('a European clock opens on Europe, a Japanese one on Japan', () => {
  expect(firstLook({ zone: 'Europe/Berlin', minutes: 60 }, 4)).toEqual({ lat: 49, lon: 8, zoom: 4 });
  expect(firstLook({ zone: 'Asia/Tokyo', minutes: 540 }, 3)).toEqual({ lat: 28, lon: 135, zoom: 3 });
});

test('the same offset shows another half of America by its name', () => {
  const north = firstLook({ zone: 'America/New_York', minutes: -300 }, 4);
  const south = firstLook({ zone: 'America/Lima', minutes: -300 }, 4);
  expect(north.lon).toBe(south.lon);
  expect(north.lat).toBeGreaterThan(0);
  expect(south.lat).toBeLessThan(0);
});

test('a clock far east in Europe keeps its own longitude, one without a family is shown at Greenwich', () => {
  expect(firstLook({ zone: 'Europe/Samara', minutes: 240 }, 4).lon).toBe(60);
  expect(firstLook({ zone: 'UTC', minutes: 0 }, 4)).toEqual({ lat: 49, lon: 0, zoom: 4 });
});

test('the device tells its clock within a day of Greenwich, and its name is asked for once', () => {
  const kept = new Map<string, string>();
  const memory = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
  const { zone, minutes } = ownClock(2026, memory);
  expect(zone).not.toBe('');
  expect(Math.abs(minutes)).toBeLessThanOrEqual(14 * 60);
  const [[name = '', value = ''] = []] = [...kept];
  kept.set(name, value.replace(/\|.*/, '|Asia/Tokyo'));
  expect(ownClock(2026, memory)).toEqual({ zone: 'Asia/Tokyo', minutes });
  kept.set(name, `0 1|Asia/Tokyo`);
  expect(ownClock(2026, memory)).toEqual({ zone, minutes });
});
