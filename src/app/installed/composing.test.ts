import { beforeEach, expect, test } from 'vitest';
import { Composing } from './composing.ts';

let events: EventTarget;
let now: number;
let isVisible: boolean;
let composing: Composing;

class Field extends EventTarget {
  value = '';
  isConnected = true;
  readonly #kinds: string;
  constructor(kinds: string) {
    super();
    this.#kinds = kinds;
  }
  matches(selector: string): boolean {
    return this.#kinds !== '' && selector.includes(this.#kinds);
  }
}

const write = (field: Field, value: string): void => {
  field.value = value;
  const event = new Event('input');
  Object.defineProperty(event, 'target', { value: field });
  events.dispatchEvent(event);
};

beforeEach(() => {
  events = new EventTarget();
  now = 0;
  isVisible = true;
  composing = new Composing({ events, isVisible: () => isVisible, now: () => now });
});

test('nobody writes: nothing is in the way', () => {
  expect([composing.isBusy(), composing.hasUnkept()]).toEqual([false, false]);
});

test('a composer that keeps itself is busy for ten seconds, before somebody’s eyes only', () => {
  write(new Field('data-kept'), 'half a thought');
  expect(composing.isBusy()).toBe(true);
  isVisible = false;
  expect(composing.isBusy()).toBe(false);
  isVisible = true;
  now = 10_001;
  expect(composing.isBusy()).toBe(false);
  expect(composing.hasUnkept()).toBe(false);
});

test('an unfinished sign of an input method is busy however long it takes', () => {
  events.dispatchEvent(new Event('compositionstart'));
  now = 60_000;
  expect(composing.isBusy()).toBe(true);
  events.dispatchEvent(new Event('compositionend'));
  expect(composing.isBusy()).toBe(false);
});

test('a form that nobody keeps is in the way until it is emptied or gone, seen or not', () => {
  const name = new Field('');
  write(name, 'Harbour Swimmers');
  now = 60_000;
  isVisible = false;
  expect([composing.isBusy(), composing.hasUnkept()]).toEqual([true, true]);
  name.isConnected = false;
  expect(composing.hasUnkept()).toBe(false);
  const about = new Field('');
  write(about, 'Cold water');
  write(about, '  ');
  expect(composing.hasUnkept()).toBe(false);
});

test('what is only looked up is not written', () => {
  write(new Field('[type="search"]'), 'lisbon');
  expect(composing.isBusy()).toBe(false);
});
