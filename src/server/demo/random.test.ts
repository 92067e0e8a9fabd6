import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRandom } from './random.ts';
import { capitalize, drawSlots, fillSlots, readScript } from './script.ts';
import { drawMoment, drawPause, TALK_SPAN } from './rhythm.ts';

test('one seed, one sequence; another seed, another', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const draw = (text: string) => Array.from({ length: 20 }, makeRandom(text).next);
      expect(draw(seed)).toEqual(draw(seed));
      expect(draw(`${seed}.`)).not.toEqual(draw(seed));
    }),
  );
});

test('numbers keep their bounds and fill them', () => {
  const random = makeRandom('bounds');
  const rolls = Array.from({ length: 6000 }, () => random.int(1, 6));
  for (let face = 1; face <= 6; face++)
    expect(rolls.filter((roll) => roll === face).length).toBeGreaterThan(850);
  expect(rolls.every((roll) => roll >= 1 && roll <= 6)).toBe(true);
});

test('a shuffle loses nobody; weights of nought are never drawn', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.string(), (list, seed) => {
      const random = makeRandom(seed);
      expect(random.shuffle(list).toSorted()).toEqual(list.toSorted());
      expect(random.weighted([0, 1, 0])).toBe(1);
    }),
  );
  expect(() => makeRandom('x').pick([])).toThrow(/nothing/);
});

test('a script is read turn by turn', () => {
  expect(readScript('A Who?|B>A Me, {day}')).toEqual([
    { speaker: 'A', words: 'Who?' },
    { speaker: 'B', answers: 'A', words: 'Me, {day}' },
  ]);
  for (const wrong of ['', 'A', 'E hello', 'A>E hello', 'hello', 'A one||B two'])
    expect(() => readScript(wrong)).toThrow();
});

test('slots are filled, unknown braces stay', () => {
  const slots = drawSlots(makeRandom('s'), ['Monday'], 'Mitte', false);
  expect(fillSlots('{day} {d} {x}', slots)).toBe('Monday Mitte {x}');
  expect(slots.pm).toMatch(/^(17|18|19|20):[03]0$/);
  expect(slots.am).toMatch(/^[6-9]:\d\d$/);
  expect(capitalize('élan')).toBe('Élan');
});

test('moments lie within the last 90 days and mostly in the place’s own daytime', () => {
  const random = makeRandom('moments');
  const now = 1_795_000_000;
  const localHours = Array.from({ length: 3000 }, () => {
    const moment = drawMoment(random, now, 139.7);
    expect(moment).toBeLessThan(now);
    expect(moment).toBeGreaterThan(now - TALK_SPAN - 2 * 86_400);
    return Math.floor(((moment + 9 * 3600) % 86_400) / 3600);
  });
  const share = (from: number, to: number) =>
    localHours.filter((hour) => hour >= from && hour <= to).length / 3000;
  expect(share(1, 5)).toBeLessThan(0.05);
  expect(share(17, 22)).toBeGreaterThan(0.35);
});

test('pauses are seconds to hours, never nought', () => {
  const random = makeRandom('pauses');
  for (let i = 0; i < 2000; i++) {
    const pause = drawPause(random);
    expect(pause).toBeGreaterThanOrEqual(15);
    expect(pause).toBeLessThanOrEqual(4 * 3600);
  }
});
