import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  heldWidth,
  resisted,
  restingStop,
  Speedometer,
  stopForKey,
  stopForPress,
  stopHeights,
  STOPS,
  WIDTH,
  widthForKey,
} from './sheet-stops.ts';

const heights = stopHeights(800, 112);

describe('heights', () => {
  test('of a phone', () => expect(heights).toEqual({ peek: 112, half: 400, full: 800 }));
  test('never cross, however small the room', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 2000 }), fc.integer({ min: 0, max: 400 }), (room, peek) => {
        const { peek: low, half, full } = stopHeights(room, peek);
        expect(low).toBeLessThanOrEqual(half);
        expect(half).toBeLessThanOrEqual(full);
        expect(low).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('where a drag comes to rest', () => {
  test.each([
    [120, 0, 'peek'],
    [250, 0, 'peek'],
    [270, 0, 'half'],
    [590, 0, 'half'],
    [610, 0, 'full'],
    [130, 0.8, 'half'],
    [410, 0.6, 'full'],
    [390, -0.6, 'peek'],
    [790, -0.6, 'half'],
    [790, -4, 'peek'],
    [120, 4, 'full'],
    [500, 0.2, 'half'],
    [820, 2, 'full'],
    [90, -2, 'peek'],
  ])('at %i px with %f px/ms: %s', (height, velocity, stop) => {
    expect(restingStop(height, velocity, heights)).toBe(stop);
  });

  test('a flick never ends behind where it began', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 113, max: 799 }),
        fc.double({ min: 0.5, max: 9, noNaN: true }),
        (height, speed) => {
          expect(heights[restingStop(height, speed, heights)]).toBeGreaterThan(height);
          expect(heights[restingStop(height, -speed, heights)]).toBeLessThan(height);
        },
      ),
    );
  });
});

test('past the ends a drag slows down', () => {
  expect(resisted(900, heights)).toBe(800);
  expect(resisted(400, heights)).toBe(400);
  const below = resisted(12, heights);
  expect(below).toBeGreaterThan(12);
  expect(below).toBeLessThan(112);
});

test('keys walk the stops and stay at the ends', () => {
  expect(stopForKey('peek', 'ArrowUp')).toBe('half');
  expect(stopForKey('full', 'ArrowUp')).toBe('full');
  expect(stopForKey('half', 'ArrowDown')).toBe('peek');
  expect(stopForKey('peek', 'ArrowDown')).toBe('peek');
  expect(stopForKey('half', 'End')).toBe('full');
  expect(stopForKey('half', 'Home')).toBe('peek');
  expect(stopForKey('half', 'a')).toBeUndefined();
});

test('presses lead up, then back to half', () => {
  expect(STOPS.map(stopForPress)).toEqual(['half', 'full', 'half']);
});

describe('widths', () => {
  test('are held between the ends', () => {
    expect(heldWidth(100, 1280)).toBe(WIDTH.least);
    expect(heldWidth(5000, 1280)).toBe(WIDTH.most);
    expect(heldWidth(600, 900)).toBe(540);
    expect(heldWidth(Number.NaN, 1280)).toBe(WIDTH.start);
  });
  test('arrows follow the eye', () => {
    expect(widthForKey(400, 'ArrowRight', false)).toBe(424);
    expect(widthForKey(400, 'ArrowRight', true)).toBe(376);
    expect(widthForKey(400, 'ArrowLeft', true)).toBe(424);
    expect(widthForKey(400, 'Tab', false)).toBeUndefined();
  });
});

describe('speed', () => {
  test('is that of the last tenth of a second', () => {
    const meter = new Speedometer();
    meter.note(0, 0);
    meter.note(500, 950);
    meter.note(520, 970);
    meter.note(540, 990);
    expect(meter.speed(1000)).toBeCloseTo(1);
  });
  test('is none after a rest, and none of one touch', () => {
    const meter = new Speedometer();
    expect(meter.speed(0)).toBe(0);
    meter.note(0, 0);
    expect(meter.speed(1)).toBe(0);
    meter.note(90, 50);
    expect(meter.speed(400)).toBe(0);
  });
});
