import { expect, test } from 'vitest';
import { targetKey } from './entries.ts';
import type { Command, SwitchTarget, Visit } from './entries.ts';
import { SwitcherController } from './switcher.svelte.ts';

const own = (id: string, more: Partial<SwitchTarget> = {}): SwitchTarget => ({
  kind: 'conversation',
  id,
  label: id,
  ...more,
});
const place = (id: string): SwitchTarget => ({ kind: 'place', id, label: id });
const person = (id: string, label: string): SwitchTarget => ({ kind: 'person', id, label });
const been = (kind: Visit['kind'], id: string): Visit => ({ kind, id });
const command = (id: string, label: string, keywords = ''): Command => ({
  id,
  label,
  keywords,
  run: () => undefined,
});

const open = (
  targets: readonly SwitchTarget[],
  { commands = [], recent = [], current }: { commands?: Command[]; recent?: Visit[]; current?: Visit } = {},
) =>
  new SwitcherController({
    targets: () => targets,
    commands: () => commands,
    recent: () => recent,
    current: () => current,
  });
const offered = (switcher: SwitcherController) => switcher.offers.map(({ group, key }) => `${group}: ${key}`);

test('at rest: unread talk, where one was, other own places by their last line, then what can be done', () => {
  const switcher = open(
    [
      place('far'),
      own('quiet', { at: 5 }),
      own('busy', { at: 9 }),
      own('loud', { unread: 3, at: 7 }),
      person('ab', 'Zofia'),
    ],
    {
      commands: [command('settings', 'Settings')],
      recent: [been('person', 'ab'), been('place', 'loud'), been('place', 'gone')],
    },
  );
  expect(offered(switcher)).toEqual([
    'unread: place loud',
    'recent: person ab',
    'conversations: place busy',
    'conversations: place quiet',
    'commands: command settings',
  ]);
});

test('nobody is sent where they are', () => {
  const switcher = open([own('here', { unread: 2 }), own('there')], { current: been('place', 'here') });
  expect(offered(switcher)).toEqual(['conversations: place there']);
});

test('typed letters find all kinds, and always the way to all words', () => {
  const switcher = open([place('Lantern square'), own('Garden'), person('ab', 'Lana')], {
    commands: [command('theme', 'Lamp-lit theme'), command('lock', 'Lock now')],
  });
  switcher.type('la');
  expect(switcher.offers.map(({ key }) => key).sort()).toEqual(
    ['command theme', 'person ab', 'place Lantern square', 'words'].sort(),
  );
  expect(switcher.offers.at(-1)).toEqual({ group: 'words', key: 'words', text: 'la' });
  switcher.type('no such thing');
  expect(offered(switcher)).toEqual(['words: words']);
});

test('unread, own and lately visited are lifted among equals', () => {
  const targets = [
    { ...place('1'), label: 'Garden a' },
    { ...own('2'), label: 'Garden b' },
    { ...own('3', { unread: 1 }), label: 'Garden c' },
  ];
  const switcher = open(targets);
  switcher.type('garden');
  expect(offered(switcher).slice(0, 3)).toEqual(['found: place 3', 'found: place 2', 'found: place 1']);
  const visited = open(targets, { recent: [been('place', '1')] });
  visited.type('garden');
  expect(offered(visited)[1]).toBe('found: place 1');
});

test('a command is found by its other words', () => {
  const switcher = open([], { commands: [command('theme', 'Dark theme', 'night lamp')] });
  switcher.type('night');
  expect(offered(switcher)[0]).toBe('found: command theme');
});

test('the matched letters come with the offer', () => {
  const switcher = open([place('Café Zürich')]);
  switcher.type('zur');
  expect(switcher.offers[0]).toMatchObject({ ranges: [{ start: 5, end: 8 }] });
});

test('the mark goes round the ends, and to the top with every letter', () => {
  const switcher = open([own('a', { at: 2 }), own('b', { at: 1 })]);
  expect(switcher.marked).toBe(0);
  switcher.move(-1);
  expect(switcher.marked).toBe(1);
  switcher.move(1);
  expect(switcher.marked).toBe(0);
  switcher.markLast();
  expect(switcher.marked).toBe(1);
  switcher.type('a');
  expect(switcher.marked).toBe(0);
});

test('with nothing to offer nothing is marked', () => {
  const switcher = open([]);
  switcher.move(1);
  expect(switcher.marked).toBe(-1);
});

test('a place is the same place whether one is in it or not', () => {
  expect(targetKey(own('x'))).toBe(targetKey(place('x')));
  expect(targetKey(person('x', 'X'))).not.toBe(targetKey(place('x')));
});
