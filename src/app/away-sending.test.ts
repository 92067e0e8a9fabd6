import { expect, test } from 'vitest';
import { AwaySending } from './away-sending.svelte.ts';

const device = (registration: object) => {
  const asked: string[] = [];
  let lose = (): void => undefined;
  const sync = { register: async (tag: string) => void asked.push(tag) };
  const away = new AwaySending({
    ready: () => Promise.resolve('sync' in registration ? { sync } : {}),
    onoffline: (lost) => {
      lose = lost;
      return () => (lose = () => undefined);
    },
  });
  return { away, asked, lose: () => lose() };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('asks for a wake for each more that waits, and none for what has gone', async () => {
  const { away, asked } = device({ sync: true });
  for (const waiting of [0, 1, 1, 2, 1, 0, 1]) away.follow({ waiting });
  await settled();
  expect(asked).toHaveLength(3);
  expect(away.answer).toBe('asked');
});

test('asks ahead when the network goes, until it is stopped', async () => {
  const { away, asked, lose } = device({ sync: true });
  const stop = away.start();
  lose();
  await settled();
  stop();
  lose();
  await settled();
  expect(asked).toHaveLength(1);
});

test('knows a browser that cannot do it', async () => {
  const { away } = device({});
  expect(away.answer).toBeUndefined();
  away.follow({ waiting: 1 });
  await settled();
  expect(away.answer).toBe('missing');
});
