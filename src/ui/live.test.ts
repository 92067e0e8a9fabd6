import { expect, test } from 'vitest';
import { Live } from './live.svelte.ts';

/** A source whose loads end when the test says so. */
class Source {
  loads: { finish: (value: string) => void; fail: (error: Error) => void }[] = [];
  changed: () => void = () => undefined;
  listening = false;

  readonly load = (): Promise<string> =>
    new Promise((finish, fail) => {
      this.loads.push({ finish, fail });
    });

  readonly subscribe = (changed: () => void): (() => void) => {
    this.changed = changed;
    this.listening = true;
    return () => {
      this.listening = false;
    };
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function begin(): { source: Source; live: Live<string> } {
  const source = new Source();
  return { source, live: new Live(source.load, source.subscribe) };
}

test('loads at once and shows the value', async () => {
  const { source, live } = begin();
  expect(live.loading).toBe(true);
  expect(live.value).toBeUndefined();
  source.loads[0]?.finish('one');
  await settle();
  expect(live.value).toBe('one');
  expect(live.loading).toBe(false);
});

test('gathers changes during a load into one more load', async () => {
  const { source, live } = begin();
  source.changed();
  source.changed();
  source.changed();
  expect(source.loads).toHaveLength(1);
  source.loads[0]?.finish('old');
  await settle();
  expect(source.loads).toHaveLength(2);
  expect(live.loading).toBe(true);
  source.loads[1]?.finish('new');
  await settle();
  expect(source.loads).toHaveLength(2);
  expect(live.value).toBe('new');
});

test('loads again on a later change', async () => {
  const { source, live } = begin();
  source.loads[0]?.finish('one');
  await settle();
  source.changed();
  source.loads[1]?.finish('two');
  await settle();
  expect(live.value).toBe('two');
});

test('a failure keeps the last value, and the next success clears it', async () => {
  const { source, live } = begin();
  source.loads[0]?.finish('one');
  await settle();
  source.changed();
  source.loads[1]?.fail(new Error('torn'));
  await settle();
  expect(live.value).toBe('one');
  expect(live.error).toEqual(new Error('torn'));
  expect(live.loading).toBe(false);
  source.changed();
  source.loads[2]?.finish('two');
  await settle();
  expect(live.error).toBeUndefined();
});

test('after stop nothing moves', async () => {
  const { source, live } = begin();
  live.stop();
  live.stop();
  expect(source.listening).toBe(false);
  source.loads[0]?.finish('late');
  source.changed();
  await settle();
  expect(live.value).toBeUndefined();
  expect(live.loading).toBe(false);
  expect(source.loads).toHaveLength(1);
});

test('a source that reports a change while subscribing loads once more at most', () => {
  let loads = 0;
  const live = new Live(
    () => {
      loads += 1;
      return new Promise<number>(() => undefined);
    },
    (changed) => {
      changed();
      return () => undefined;
    },
  );
  expect(loads).toBe(1);
  live.stop();
});
