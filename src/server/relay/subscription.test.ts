import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { Subscription } from './subscription.ts';
import { Telling } from './telling.ts';

const event = (id: string): NostrEvent => ({
  id,
  pubkey: '',
  kind: 1,
  tags: [],
  content: '',
  created_at: 1,
  sig: '',
});

const open = (mayRead: (event: NostrEvent) => boolean = () => true) => {
  const sent: string[] = [];
  const subscription = new Subscription('s', [{}], {
    send: (frame) => {
      const [type, , about] = JSON.parse(String(frame)) as [string, string, NostrEvent?];
      sent.push(about?.id ?? type);
      return true;
    },
    room: () => Promise.resolve(),
    mayRead,
  });
  const live = (id: string) => subscription.take(new Telling(event(id)));
  return { subscription, sent, live };
};

test('stored first, then the end, then what came meanwhile, each once', async () => {
  const { subscription, sent, live } = open();
  live('b');
  live('c');
  await subscription.start([event('a'), event('b')]);
  live('d');
  expect(sent).toEqual(['a', 'b', 'EOSE', 'c', 'd']);
});

test('a closed subscription says nothing more, not even its end', async () => {
  const { subscription, sent, live } = open();
  const started = subscription.start([event('a'), event('b')]);
  subscription.stop();
  await started;
  live('c');
  expect(sent).toEqual(['a']);
});

test('what may not be read is not sent, stored or live', async () => {
  const { subscription, sent, live } = open(({ id }) => id !== 'secret');
  live('secret');
  await subscription.start([event('secret'), event('a')]);
  live('secret');
  expect(sent).toEqual(['a', 'EOSE']);
});
