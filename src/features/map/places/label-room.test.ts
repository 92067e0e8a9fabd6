import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxesTouch } from '../geo/clip.ts';
import { boxesAround, LabelRoom } from './label-room.ts';

const view = { left: 0, top: 0, right: 800, bottom: 600 };

test('first come, first served', () => {
  const room = new LabelRoom(view);
  const box = { left: 10, top: 10, right: 60, bottom: 30 };
  expect(room.takeFirst([box])).toEqual(box);
  expect(room.takeFirst([box])).toBeNull();
  const other = { ...box, top: 40, bottom: 60 };
  expect(room.takeFirst([box, other])).toEqual(other);
});

test('what cannot be seen takes no room', () => {
  const room = new LabelRoom(view);
  expect(room.takeFirst([{ left: -90, top: 0, right: -10, bottom: 20 }])).toBeNull();
});

test('labels that were given room never overlap', () => {
  const side = fc.integer({ min: -50, max: 850 });
  const size = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(fc.array(fc.tuple(side, side, size, size), { maxLength: 60 }), (boxes) => {
      const room = new LabelRoom(view);
      const taken = boxes.flatMap(
        ([left, top, width, height]) =>
          room.takeFirst([{ left, top, right: left + width, bottom: top + height }]) ?? [],
      );
      for (const [at, a] of taken.entries())
        for (const b of taken.slice(at + 1)) expect(boxesTouch(a, b)).toBe(false);
    }),
  );
});

test('the boxes around a point have the size and leave it free', () => {
  for (const box of boxesAround(100, 100, 40, 10, 6, 5)) {
    expect([box.right - box.left, box.bottom - box.top]).toEqual([40, 10]);
    expect(boxesTouch(box, { left: 100, right: 100, top: 100, bottom: 100 })).toBe(false);
  }
});
