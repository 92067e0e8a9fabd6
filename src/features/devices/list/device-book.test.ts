import { expect, test, vi } from 'vitest';
import { ownValuesProjection } from '#client/own-values/projection.ts';
import { ownValueId, ownValues } from '#client/own-values/tables.ts';
import type { Shelf } from '#client/own-values/tables.ts';
import { FakeCity } from '../../../../tests/support/fake-city.ts';
import { DeviceBook } from './device-book.svelte.ts';
import { parseDevices } from './devices.ts';

const NOW = 1_800_000_000;
const [phone, desk] = ['a1'.repeat(32), 'b2'.repeat(32)];

const open = (kept?: unknown) => {
  let memory = kept;
  const city = new FakeCity({ projections: [ownValuesProjection] });
  let at = NOW;
  const values = {
    get: async (shelf: Shelf, key: string) => (await city.get(ownValues, ownValueId(shelf, key)))?.value,
    set: (shelf: Shelf, key: string, value: string | undefined) =>
      city.record({
        type: 'OwnValueSet',
        v: 1,
        shelf,
        key,
        at: (at += 1),
        ...(value === undefined ? {} : { value }),
      }),
  };
  const onrevoked = vi.fn();
  const book = new DeviceBook({
    ...{ city, values, onrevoked, name: 'Firefox, Linux', clock: { now: () => NOW } },
    memory: { read: () => Promise.resolve(memory), write: (value) => Promise.resolve(void (memory = value)) },
  });
  return { city, values, onrevoked, book, memory: () => memory };
};
const until = (check: () => void) => vi.waitFor(check, { timeout: 2_000, interval: 10 });

test('a device says that it is here, once, with a key of its own', async () => {
  const { book, memory, city } = open();
  const stop = book.start();
  await until(() =>
    expect(book.all).toMatchObject([{ name: 'Firefox, Linux', seen: NOW, isThis: true, isRevoked: false }]),
  );
  expect(book.all[0]?.id).not.toBe(memory());
  stop();
  const again = open(memory());
  for (const event of city.log) await again.city.record(event);
  const before = again.city.log.length;
  again.book.start();
  await until(() => expect(again.book.all[0]?.isThis).toBe(true));
  expect(again.city.log).toHaveLength(before);
});

test('a revoked device hears of it, and says nothing more', async () => {
  const { book, onrevoked, city } = open();
  book.start();
  await until(() => expect(book.all).toHaveLength(1));
  expect(onrevoked).not.toHaveBeenCalled();
  await book.revoke(book.all[0]?.id ?? '');
  await until(() => expect(onrevoked).toHaveBeenCalled());
  expect(book.all[0]?.isRevoked).toBe(true);
  expect(city.log.length).toBeGreaterThan(0);
});

test('devices are read from their values; what is none is left out', () => {
  const rows = [
    { key: `${phone}:name`, value: 'Pho\u202ene' },
    { key: `${phone}:seen`, value: '5' },
    { key: `${desk}:name`, value: 'Desk' },
    { key: `${desk}:seen`, value: 'soon' },
    { key: `${desk}:gone`, value: '9' },
    { key: 'x:name', value: 'x' },
    { key: `${phone}:other`, value: 'x' },
    { key: `${'c3'.repeat(32)}:name` },
  ];
  expect(parseDevices(rows, desk)).toEqual([
    { id: desk, name: 'Desk', seen: 0, isThis: true, isRevoked: true },
    { id: phone, name: 'Phone', seen: 5, isThis: false, isRevoked: false },
  ]);
});

test('a device has a name', async () => {
  const { book } = open();
  book.start();
  await until(() => expect(book.all).toHaveLength(1));
  await book.rename(book.all[0]?.id ?? '', ' Kitchen\n tablet ');
  await book.rename(book.all[0]?.id ?? '', ' \u200b ');
  await until(() => expect(book.all[0]?.name).toBe('Kitchen tablet'));
});
