import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtInCommands } from './built-in.ts';
import { obey } from './obeying.ts';
import { asWritten, commandBegun, readLine } from './reading.ts';
import { Commands } from './registry.svelte.ts';

const ground = { conversation: 'quay' };
const all = () => new Commands(builtInCommands());

describe('what begins with a slash', () => {
  test('a name, and what follows it', () => {
    expect(readLine('/me waves  at all ')).toEqual({ name: 'me', rest: 'waves  at all' });
    expect(readLine('/Help')).toEqual({ name: 'help', rest: '' });
    expect(readLine('/me\nwaves')).toEqual({ name: 'me', rest: 'waves' });
  });

  test.each(['/usr/bin', '/ me', '/', 'say /me', '/-x', '/7', '/é', '', `/${'a'.repeat(30)}`])(
    '%j is words',
    (text) => {
      expect(readLine(text)).toEqual({ words: text });
    },
  );

  test('two slashes are one', () => {
    expect(readLine('//me waves')).toEqual({ words: '/me waves' });
    expect(readLine('//')).toEqual({ words: '/' });
  });

  test('whatever was said can be written again, and is the same', () => {
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom('/', '//', '/me', '/shrug', '/help '), fc.string()).map((two) => two.join('')),
    );
    fc.assert(
      fc.property(text, (words) => {
        const again = readLine(asWritten(words));
        if ('words' in again) expect(again.words).toBe(words);
        else expect(words).toMatch(/^\/me\s/);
      }),
    );
  });

  test('a name is being written only at the very beginning', () => {
    expect(commandBegun('/', 1)).toBe('');
    expect(commandBegun('/mu', 3)).toBe('mu');
    expect(commandBegun('/mu the', 2)).toBe('m');
    expect(commandBegun('/mu the', 7)).toBeUndefined();
    expect(commandBegun('a /mu', 5)).toBeUndefined();
  });
});

describe('the registry', () => {
  test('whoever adds one finds it, and can take it away', async () => {
    const commands = all();
    const remove = commands.add({
      name: 'dice',
      words: 'Throw',
      run: (rest, { conversation }) => ({ say: `${rest} in ${conversation}` }),
    });
    expect(commands.find('d').map(({ name }) => name)).toEqual(['dice']);
    expect(await obey('/dice two', commands, ground)).toEqual({ say: 'two in quay' });
    remove();
    expect(commands.of('dice')).toBeUndefined();
  });

  test('a name stands for one thing', () => {
    const one = { words: '', run: () => ({ say: '' }) };
    expect(() => all().add({ ...one, name: 'me' })).toThrow(/already/);
    for (const name of ['', 'Two', 'a b', '7', '__proto__'])
      expect(() => all().add({ ...one, name })).toThrow(/no name/);
  });

  test('all of them begin with nothing, by name', () => {
    expect(
      all()
        .find('')
        .map(({ name }) => name),
    ).toEqual(['help', 'me', 'poll', 'shrug']);
  });
});

describe('obeying', () => {
  test('words are sent as they are', async () => {
    expect(await obey('hello', all(), ground)).toEqual({ say: 'hello' });
    expect(await obey('//me', all(), ground)).toEqual({ say: '/me' });
    expect(await obey('/nothing here', undefined, ground)).toEqual({ say: '/nothing here' });
  });

  test('what each conversation has', async () => {
    expect(await obey('/me waves', all(), ground)).toEqual({ say: '/me waves' });
    expect(await obey('/me', all(), ground)).toHaveProperty('trouble');
    expect(await obey('/shrug', all(), ground)).toEqual({ say: '¯\\_(ツ)_/¯' });
    expect(await obey('/shrug well', all(), ground)).toEqual({ say: 'well ¯\\_(ツ)_/¯' });
    expect(await obey('/help', all(), ground)).toEqual({ write: '/' });
  });

  test('nothing is sent of a command that nobody knows, or that breaks', async () => {
    const unknown = await obey('/mispelt secret words', all(), ground);
    expect(unknown).toEqual({ trouble: expect.stringContaining('/mispelt') as string });
    const commands = all();
    commands.add({ name: 'bad', words: '', run: () => Promise.reject(new Error('broken')) });
    expect(await obey('/bad', commands, ground)).toHaveProperty('trouble');
  });
});
