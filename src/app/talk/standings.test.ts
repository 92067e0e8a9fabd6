import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { directProjection } from '#client/direct/projection.ts';
import { makeRumor } from '#protocol/direct/rumors.ts';
import { FakeCity, fakeKey } from '../../../tests/support/fake-city.ts';
import { heardRows, Standings } from './standings.svelte.ts';

const [me, anna, eve] = [fakeKey('a1'), fakeKey('b2'), fakeKey('e5')];
const settled = async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  flushSync();
};
const came = (author: string, wrap: string) => {
  const rumor = makeRumor({ kind: 14, content: 'Hello', tags: [] }, { author, to: [me], at: 1_800_000_000 });
  return { type: 'WrapOpened', v: 1, wrap: fakeKey(wrap), to: me, rumor } as const;
};

test('strangers’ talks are not heard until they are answered; places always are', async () => {
  const city = new FakeCity({ projections: [directProjection] });
  const standings = new Standings(city);
  const stop = standings.start();
  await city.record(came(anna, '01'), came(eve, '02'));
  await settled();
  const [withAnna, withEve] = [`~${anna}`, `~${eve}`];
  const rows = { plaza: 1, [withAnna]: 2, [withEve]: 3, '~new': 4 };
  expect(heardRows(rows, standings.of)).toEqual({ plaza: 1, '~new': 4 });
  await standings.answer(withAnna, 'accepted');
  await standings.answer(withEve, 'ignored');
  await settled();
  expect([standings.of(withAnna), standings.of(withEve)]).toEqual(['open', 'ignored']);
  expect(heardRows(rows, standings.of)).toEqual({ plaza: 1, [withAnna]: 2, '~new': 4 });
  stop();
});
