import { expect, test } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { MemoryQueue } from '../../../tests/support/memory-queue.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { sortHeld } from './held-back.ts';
import { Outbox } from './outbox.ts';
import type { AwaitedUploads, UploadsState } from './ports.ts';

const relay = 'wss://a.test';
const file = 'f'.repeat(64);
const line = (content: string, tags: readonly (readonly string[])[] = []) =>
  fakeEvent({ kind: 1, content, tags: [['h', 'quay'], ...tags.map((tag) => [...tag])] });

/** Uploads that stand as the test says. */
const fakeUploads = () => {
  const ears = new Set<() => void>();
  let state: UploadsState = { state: 'waiting' };
  const uploads: AwaitedUploads = {
    stateOf: async (hashes) => (hashes.includes(file) ? state : { state: 'stored' }),
    again: async () => undefined,
    watch: (changed) => {
      ears.add(changed);
      return () => void ears.delete(changed);
    },
  };
  const become = (next: UploadsState) => {
    state = next;
    ears.forEach((ear) => ear());
  };
  return { uploads, become };
};
const setUp = () => {
  const queue = new MemoryQueue();
  const sign = (event: NostrEvent, after?: readonly string[]) =>
    queue.append([{ type: 'EventSigned', v: 1, event, relays: [relay], ...(after ? { after } : {}) }]);
  return { queue, sign, ...fakeUploads() };
};
const begin = ({ queue, uploads }: ReturnType<typeof setUp>) => {
  const sent: string[] = [];
  const outbox = new Outbox({
    queue,
    uploads,
    locks: { hold: (_name, work) => work() },
    lock: 'test',
    append: queue.append,
    publish: async (_relay, event) => {
      sent.push(event.content);
      return { outcome: 'accepted', note: '' };
    },
    random: () => 0.5,
  });
  return { outbox, sent };
};
const settle = () => new Promise((resolve) => setTimeout(resolve, 10));

test('a line waits for its files and holds up nothing but what speaks of it', async () => {
  const home = setUp();
  const photo = line('photo');
  await home.sign(photo, [file]);
  await home.sign(line('reply', [['e', photo.id]]));
  await home.sign(line('else'));
  const { outbox, sent } = begin(home);
  await settle();
  expect(sent).toEqual(['else']);
  home.become({ state: 'stored' });
  await settle();
  expect(sent).toEqual(['else', 'photo', 'reply']);
  outbox.stop();
});

test('where a file could not be sent, its line is shown as refused; tried anew, both go', async () => {
  const home = setUp();
  const photo = line('photo');
  await home.sign(photo, [file]);
  const { outbox, sent } = begin(home);
  home.become({ state: 'failed', reason: 'the city is full' });
  await settle();
  const [entry] = await home.queue.entries();
  expect(entry).toMatchObject({ state: 'refused', reason: 'error: the city is full', after: [file] });
  home.become({ state: 'stored' });
  await home.queue.renew(photo.id);
  await settle();
  expect(sent).toEqual(['photo']);
  expect(await home.queue.entries()).toEqual([]);
  outbox.stop();
});

test('files that nobody knows of hold nothing, and neither does a place without files', async () => {
  const home = setUp();
  await home.sign(line('a'), ['0'.repeat(64)]);
  await home.sign(line('b'), [file]);
  expect((await sortHeld(await home.queue.entries(), undefined)).ready).toHaveLength(2);
  const { ready, failed } = await sortHeld(await home.queue.entries(), home.uploads);
  expect([ready.map(({ event }) => event.content), failed]).toEqual([['a'], []]);
});
