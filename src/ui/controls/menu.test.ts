import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelStartingWith, placeMenu, ringStep } from './menu.ts';

const room = { width: 1000, height: 800 };
const list = { width: 200, height: 300 };
const button = { left: 500, right: 544, top: 100, bottom: 144 };

describe('place of a menu', () => {
  test('below the button, ends together', () => {
    expect(placeMenu(button, list, room, 'end', false)).toEqual({ inlineStart: 344, blockStart: 148 });
  });
  test('starts together', () => {
    expect(placeMenu(button, list, room, 'start', false).inlineStart).toBe(500);
  });
  test('is mirrored in right-to-left', () => {
    expect(placeMenu(button, list, room, 'end', true).inlineStart).toBe(1000 - 500 - 200);
    expect(placeMenu(button, list, room, 'start', true).inlineStart).toBe(1000 - 544);
  });
  test('above when there is no room below', () => {
    const low = { ...button, top: 700, bottom: 744 };
    expect(placeMenu(low, list, room, 'end', false).blockStart).toBe(396);
  });
  test('always inside the window when it fits at all', () => {
    const position = fc.integer({ min: 0, max: 760 });
    fc.assert(
      fc.property(position, position, fc.boolean(), fc.constantFrom('start', 'end'), (x, y, rtl, align) => {
        const box = { left: x, right: x + 44, top: y, bottom: y + 44 };
        const place = placeMenu(box, list, room, align, rtl);
        expect(place.inlineStart).toBeGreaterThanOrEqual(8);
        expect(place.inlineStart + list.width).toBeLessThanOrEqual(992);
        expect(place.blockStart).toBeGreaterThanOrEqual(8);
        expect(place.blockStart + list.height).toBeLessThanOrEqual(792);
      }),
    );
  });
});

describe('keys', () => {
  const keys = { next: 'ArrowDown', back: 'ArrowUp' };
  test('go around', () => {
    expect(ringStep(2, 3, 'ArrowDown', keys)).toBe(0);
    expect(ringStep(0, 3, 'ArrowUp', keys)).toBe(2);
    expect(ringStep(1, 3, 'Home', keys)).toBe(0);
    expect(ringStep(1, 3, 'End', keys)).toBe(2);
    expect(ringStep(1, 3, 'x', keys)).toBeUndefined();
    expect(ringStep(0, 0, 'End', keys)).toBeUndefined();
  });
  test('letters find the next label', () => {
    const labels = ['Reply', 'Remove', 'Éditer', 'Copy'];
    expect(labelStartingWith(labels, 0, 'r')).toBe(1);
    expect(labelStartingWith(labels, 1, 'R')).toBe(0);
    expect(labelStartingWith(labels, 0, 'é')).toBe(2);
    expect(labelStartingWith(labels, 0, 'z')).toBeUndefined();
    expect(labelStartingWith(labels, 0, 'Tab')).toBeUndefined();
    expect(labelStartingWith(labels, 0, ' ')).toBeUndefined();
  });
});
