import { expect, test } from 'vitest';
import { fakeAccount, FakeCity } from '../../../../tests/support/fake-city.ts';
import { fail } from '#shared/result.ts';
import { CHAT_LINE } from '#protocol/kinds.ts';
import { Deeds } from './deeds.svelte.ts';

test('a line that the device could not keep is not sent: the composer takes it back, and the person is told', async () => {
  const city = new FakeCity({ account: fakeAccount() });
  city.publish = async () => fail('storage', 'This device could not store what you wrote.');
  const told: string[] = [];
  const deeds = new Deeds(city, {
    group: 'a',
    lineKind: CHAT_LINE,
    ontoast: ({ text }) => void told.push(text),
  });
  expect(await deeds.send('not to be lost')).toBe(false);
  expect(told).toHaveLength(1);
});
