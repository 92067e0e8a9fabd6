import { expect, test } from 'vitest';
import { directProjection } from '#client/direct/projection.ts';
import { talks } from '#client/direct/tables.ts';
import { chatProjection } from '#features/chat/projection.ts';
import { conversations } from '#features/chat/index.ts';
import { makeRumor } from '#protocol/direct/rumors.ts';
import { FakeCity, fakeKey } from '../../../tests/support/fake-city.ts';
import { talksOf } from './requests.ts';

const me = fakeKey('a1');
const NOW = 1_800_000_000;
const keyAt = (at: number): string => `c${at.toString(16).padStart(63, '0')}`;
const opened = (at: number) => {
  const rumor = makeRumor(
    { kind: 14, content: `Buy this, number ${at}`, tags: [] },
    { author: keyAt(at), to: [me], at: NOW + at },
  );
  return { type: 'WrapOpened', v: 1, wrap: keyAt(100_000 + at), to: me, rumor } as const;
};

test('ten thousand strangers wait in the tray, newest first, and none of them is heard', async () => {
  const city = new FakeCity({ projections: [directProjection, chatProjection] });
  for (let at = 0; at < 10_000; at += 500)
    await city.record(...Array.from({ length: 500 }, (_, one) => opened(at + one)));
  const standings = new Map((await city.all(talks)).map(({ id, standing }) => [id, standing]));
  const rows = await city.all(conversations);
  const standingOf = (talk: string) => standings.get(talk) ?? 'open';
  const requests = talksOf(rows, standingOf, 'request');
  expect(requests).toHaveLength(10_000);
  expect(requests[0]?.lastText).toBe('Buy this, number 9999');
  expect(talksOf(rows, standingOf, 'open')).toEqual([]);
});
