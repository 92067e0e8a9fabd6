import { expect, test, vi } from 'vitest';
import { FakeCity, fakeEvent } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { lines } from '../rows/tables.ts';
import { PuttingAway } from './put-away.svelte.ts';

const now = 1_800_000_000;
const open = async () => {
  const city = new FakeCity({ projections: [chatProjection], now });
  const say = (content: string, created_at: number, group = 'a') =>
    city.record({
      type: 'RelayEventSeen',
      v: 1,
      relay: 'wss://a.test',
      event: fakeEvent({ kind: 9, content, created_at, tags: [['h', group]] }),
    });
  await say('old', now - 100);
  await say('elsewhere', now - 50, 'b');
  const away = new PuttingAway(city, 'a', { now: () => now });
  const stop = away.start();
  await vi.waitFor(() => expect(away.lines).toBe(1));
  const texts = async (group: string) => (await city.part(lines, { part: group })).map(({ text }) => text);
  return { city, say, away, stop, texts };
};

test('what was said until now is put away here, what comes after it is not, other places are left alone', async () => {
  const { say, away, stop, texts } = await open();
  await away.putAway();
  await say('new', now + 1);
  await vi.waitFor(() => expect([away.upTo, away.lines]).toEqual([now, 1]));
  expect([await texts('a'), await texts('b')]).toEqual([['new'], ['elsewhere']]);
  stop();
});

test('all of it comes back', async () => {
  const { away, stop, texts } = await open();
  await away.putAway();
  await vi.waitFor(() => expect(away.lines).toBe(0));
  await away.bringBack();
  await vi.waitFor(() => expect([away.upTo, away.lines]).toEqual([undefined, 1]));
  expect(await texts('a')).toEqual(['old']);
  stop();
});
