import { expect, test } from 'vitest';
import { fail, ok } from '#shared/result.ts';
import { SentFiles } from './sent-files.svelte.ts';

const file = (digit: string, size: number) => ({
  url: `https://city.test/${digit.repeat(64)}.png`,
  sha256: digit.repeat(64),
  size,
  type: 'image/png',
  uploaded: 1,
});

test('the list is asked for once at a time, and says how much it is', async () => {
  let asked = 0;
  const list = () => Promise.resolve(ok([file('a', 2), file('b', 3 + 0 * asked++)]));
  const sent = new SentFiles({ list, remove: () => Promise.resolve(ok(undefined)) });
  expect(sent.state).toBe('closed');
  await Promise.all([sent.open(), sent.open()]);
  expect([sent.state, sent.files.length, sent.bytes, asked]).toEqual(['open', 2, 5, 1]);
});

test('what is taken back leaves the list; what the city keeps stays, and why is said', async () => {
  let answer: Awaited<ReturnType<SentFiles['remove']>> | 'no' = undefined;
  const sent = new SentFiles({
    list: () => Promise.resolve(ok([file('a', 2), file('b', 3)])),
    remove: () => Promise.resolve(answer === 'no' ? fail('unreachable', 'No answer.') : ok(undefined)),
  });
  await sent.open();
  await sent.remove(file('a', 2));
  expect([sent.files.map(({ size }) => size), sent.words]).toEqual([[3], '']);
  answer = 'no';
  await sent.remove(file('b', 3));
  expect([sent.files.length, sent.words, sent.leaving.length]).toEqual([1, 'No answer.', 0]);
});

test('a list that cannot be had is told, and can be asked for again', async () => {
  let isThere = false;
  const sent = new SentFiles({
    list: () => Promise.resolve(isThere ? ok([]) : fail('unreachable', 'The city did not answer.')),
    remove: () => Promise.resolve(ok(undefined)),
  });
  await sent.open();
  expect([sent.state, sent.words]).toEqual(['failed', 'The city did not answer.']);
  isThere = true;
  await sent.open();
  expect([sent.state, sent.words]).toEqual(['open', '']);
});
