import { expect, test } from 'vitest';
import { NOTE } from '#protocol/kinds.ts';
import { FakeCity, fakeAccount } from '../../../../tests/support/fake-city.ts';
import { Deeds } from '../talk/deeds.svelte.ts';
import { sendFrom } from './sending.ts';

/** A composer's field, and a person who writes into it. */
const begin = (text: string) => {
  const written = { text };
  const field = {
    take: () => {
      const before = written.text;
      written.text = '';
      return before;
    },
    isEmpty: () => written.text === '',
    putBack: (before: string) => void (written.text = before),
  };
  return { written, field };
};

test('with a full disk the words stay in the field, and the person hears what to do', async () => {
  const city = new FakeCity({ account: fakeAccount() });
  city.publishFailure = { code: 'storage', message: 'This device could not store what you wrote.' };
  const told: string[] = [];
  const deeds = new Deeds(city, {
    group: 'plaza',
    lineKind: NOTE,
    ontoast: ({ text }) => void told.push(text),
  });
  const { written, field } = begin('not to be lost');
  await sendFrom(field, (text) => deeds.send(text));
  expect(written.text).toBe('not to be lost');
  expect(told).toEqual([expect.stringMatching(/no room.*Free some space/)]);
  city.publishFailure = undefined;
  await sendFrom(field, (text) => deeds.send(text));
  expect(written.text).toBe('');
  expect(city.published.map(({ content }) => content)).toEqual(['not to be lost']);
});

test('the field is free at once, and what is begun meanwhile is not written over', async () => {
  const { written, field } = begin('first');
  const sending = sendFrom(field, () => Promise.resolve(false));
  expect(written.text).toBe('');
  written.text = 'second';
  await sending;
  expect(written.text).toBe('second');
});

test('sending that breaks gives the words back too, and the break is not swallowed', async () => {
  const { written, field } = begin('words');
  await expect(sendFrom(field, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(written.text).toBe('words');
});
