import { expect, test } from 'vitest';
import { FOR_GOOD } from '#client/wake/wants.ts';
import { makeCommands } from './slash-commands.ts';

const begin = () => {
  const muted: [string, number][] = [];
  const gone: string[] = [];
  const commands = makeCommands({
    notices: {
      mute: (conversation, until) => {
        muted.push([conversation, until]);
        return Promise.resolve();
      },
    },
    go: (address) => gone.push(address),
  });
  const run = (name: string, rest = '') => commands.of(name)?.run(rest, { conversation: 'quay' });
  return { commands, run, muted, gone };
};

test('/search looks for the words in this conversation', async () => {
  const { run, gone } = begin();
  expect(await run('search', 'warm tea')).toEqual({ done: '' });
  expect(gone).toEqual(['/search?q=warm+tea&in=quay']);
});

test('/mute silences it until /unmute', async () => {
  const { run, muted } = begin();
  expect(await run('mute')).toHaveProperty('done');
  expect(await run('unmute')).toHaveProperty('done');
  expect(muted).toEqual([
    ['quay', FOR_GOOD],
    ['quay', 0],
  ]);
});

test('all of them, each with words', () => {
  const { commands } = begin();
  const all = commands.find('');
  expect(all.map(({ name }) => name)).toEqual(['help', 'me', 'mute', 'poll', 'search', 'shrug', 'unmute']);
  for (const { words } of all) expect(words).not.toBe('');
});
