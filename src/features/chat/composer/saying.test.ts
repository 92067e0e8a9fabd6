import { expect, test } from 'vitest';
import { builtInCommands } from './commands/built-in.ts';
import { Commands } from './commands/registry.svelte.ts';
import { Saying } from './saying.svelte.ts';

const begin = () => {
  const written: string[] = [];
  const commands = new Commands(builtInCommands());
  commands.add({ name: 'hush', words: 'Hush', run: () => ({ done: 'Hushed.' }) });
  const saying = new Saying(commands, (text) => {
    written.push(text);
    return Promise.resolve();
  });
  return { saying, written };
};
const ground = { conversation: 'quay' };

test('words are said, and nothing is told', async () => {
  const { saying, written } = begin();
  expect(await saying.wordsOf('hello', ground)).toBe('hello');
  expect([saying.told, written]).toEqual([undefined, []]);
});

test('a command that is done empties the field and says so', async () => {
  const { saying, written } = begin();
  expect(await saying.wordsOf('/hush', ground)).toBeUndefined();
  expect([saying.told, written]).toEqual([{ words: 'Hushed.', isTrouble: false }, ['']]);
  await saying.wordsOf('hello', ground);
  expect(saying.told).toBeUndefined();
});

test('what nobody knows stays in the field, and that is told', async () => {
  const { saying, written } = begin();
  expect(await saying.wordsOf('/hussh', ground)).toBeUndefined();
  expect([saying.told?.isTrouble, written]).toEqual([true, []]);
});

test('help is the list of all commands', async () => {
  const { saying, written } = begin();
  await saying.wordsOf('/help', ground);
  expect(written).toEqual(['/']);
});
