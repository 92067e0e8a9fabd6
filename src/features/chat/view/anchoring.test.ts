import { expect, test } from 'vitest';
import { Anchorage, firstInSight, idsInSight, lastInSight } from './anchoring.ts';

interface Drawn {
  readonly id: string;
  height: number;
}

/** A scroller of 100 px with lines under each other, as far as anchoring looks at one. */
class Scroller {
  lines: Drawn[];
  scrollTop = 0;
  readonly clientHeight = 100;

  constructor(lines: Drawn[]) {
    this.lines = lines;
  }

  get element(): HTMLElement {
    return this as unknown as HTMLElement;
  }
  getBoundingClientRect() {
    return { top: 0, bottom: this.clientHeight };
  }
  querySelectorAll() {
    return this.lines.map(({ id }) => ({
      dataset: { line: id },
      getBoundingClientRect: () => ({ top: this.topOf(id), bottom: this.topOf(id) + this.heightOf(id) }),
    }));
  }
  heightOf(id: string): number {
    return this.lines.find((line) => line.id === id)?.height ?? 0;
  }
  topOf(id: string): number {
    const at = this.lines.findIndex((line) => line.id === id);
    return this.lines.slice(0, at).reduce((sum, { height }) => sum + height, 0) - this.scrollTop;
  }
  /** Makes a line taller. */
  grow(id: string, by: number): void {
    const line = this.lines.find((one) => one.id === id);
    if (line) line.height += by;
  }
}

const ids = 'abcdefghijklmnopqrst'.split('');
const some = (names: readonly string[]): Drawn[] => names.map((id) => ({ id, height: 30 }));
const at = (scrollTop: number): { scroller: Scroller; anchorage: Anchorage } => {
  const scroller = new Scroller(some(ids));
  scroller.scrollTop = scrollTop;
  const anchorage = new Anchorage();
  anchorage.drop(scroller.element);
  return { scroller, anchorage };
};

test('lines that come before move nothing in sight', () => {
  const { scroller, anchorage } = at(95);
  const top = scroller.topOf('e');
  scroller.lines = [...some(['x', 'y', 'z']), ...scroller.lines];
  anchorage.hold(scroller.element);
  expect(scroller.topOf('e')).toBe(top);
});

test('a line above that grows moves nothing in sight, even while the reader scrolls', () => {
  const { scroller, anchorage } = at(95);
  const top = scroller.topOf('e');
  scroller.grow('a', 40);
  scroller.scrollTop += 12;
  anchorage.hold(scroller.element);
  expect(scroller.topOf('e')).toBe(top - 12);
});

test('a scroller cut short by its shrinking content goes back to its place', () => {
  const { scroller, anchorage } = at(400);
  const top = scroller.topOf('q');
  scroller.lines = [...scroller.lines.slice(5), ...some(['x', 'y', 'z'])];
  scroller.scrollTop = 350;
  anchorage.restore(scroller.element);
  expect(scroller.topOf('q')).toBe(top);
});

test('after a leap, what grew on the way is no reason to move', () => {
  const { scroller, anchorage } = at(400);
  scroller.grow('f', 40);
  scroller.scrollTop = 20;
  anchorage.hold(scroller.element);
  expect(scroller.scrollTop).toBe(20);
});

test('the first line in sight may go: the next one holds the place', () => {
  const { scroller, anchorage } = at(95);
  const top = scroller.topOf('f');
  scroller.lines = scroller.lines.filter(({ id }) => id > 'd');
  anchorage.hold(scroller.element);
  expect(scroller.topOf('f')).toBe(top);
});

test('where none of them is left, nothing is done', () => {
  const { scroller, anchorage } = at(95);
  scroller.lines = some(['x', 'y', 'z']);
  anchorage.hold(scroller.element);
  expect(scroller.scrollTop).toBe(95);
});

test('what is in sight', () => {
  const { scroller } = at(95);
  expect(firstInSight(scroller.element)).toBe('d');
  expect(lastInSight(scroller.element)).toBe('f');
  expect([...idsInSight(scroller.element, 0)]).toEqual(['d', 'e', 'f', 'g']);
});
