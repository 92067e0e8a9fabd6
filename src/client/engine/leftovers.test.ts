import { expect, test } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import type { QueueEntry } from '../store/queue.ts';
import { leftoversOf, refusedIn } from './leftovers.ts';

const entry = (content: string, more: Partial<QueueEntry> = {}): QueueEntry => {
  const event = fakeEvent({ kind: 1, content });
  return {
    id: event.id,
    relay: 'wss://a.test',
    event,
    conversation: 'plaza',
    order: 1,
    state: 'waiting',
    reason: '',
    ...more,
  };
};
const refused = (content: string, relay = 'wss://a.test', reason = 'invalid: no') =>
  entry(content, { state: 'refused', relay, reason });
const queueOf = (...entries: QueueEntry[]) => ({ entries: () => Promise.resolve(entries) });
const nobody = () => Promise.resolve(undefined);

test('what every relay refused waits for a hand, with the first of their words', async () => {
  const queue = queueOf(
    refused('one', 'wss://a.test', 'pow: more'),
    refused('one', 'wss://b.test', 'blocked: no'),
    entry('two'),
  );
  const found = await refusedIn({ queue, acceptanceOf: nobody });
  expect(found).toEqual([
    {
      event: fakeEvent({ kind: 1, content: 'one' }),
      relays: ['wss://a.test', 'wss://b.test'],
      reason: 'pow: more',
    },
  ]);
  expect(await leftoversOf(queue)).toEqual({ waiting: 1, refused: 1 });
});

test('while one relay has still to answer, it is on its way', async () => {
  const queue = queueOf(refused('one'), entry('one', { relay: 'wss://b.test' }));
  expect(await refusedIn({ queue, acceptanceOf: nobody })).toEqual([]);
  expect(await leftoversOf(queue)).toEqual({ waiting: 1 });
});

test('what a relay took has arrived, whatever another says', async () => {
  const queue = queueOf(refused('one'), refused('two'));
  const one = fakeEvent({ kind: 1, content: 'one' }).id;
  const found = await refusedIn({
    queue,
    acceptanceOf: (id) => Promise.resolve(id === one ? '' : undefined),
  });
  expect(found.map(({ event }) => event.content)).toEqual(['two']);
});

test('what a service worker heard an answer for no longer waits; a queue that cannot be read has nothing', async () => {
  const answered = entry('one', { answer: { accepted: true, words: '' } });
  expect(await leftoversOf(queueOf(answered))).toEqual({ waiting: 0 });
  expect(await leftoversOf({ entries: () => Promise.reject(new Error('broken')) })).toEqual({ waiting: 0 });
});
