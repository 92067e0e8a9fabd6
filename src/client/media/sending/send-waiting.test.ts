import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeMediaCity } from '../../../../tests/support/fake-media-city.ts';
import { keepFile, noise, openMemoryOutgoing } from '../../../../tests/support/outgoing.ts';
import { sendWaiting } from './send-waiting.ts';

let city: FakeMediaCity;
let home: Awaited<ReturnType<typeof openMemoryOutgoing>>;
beforeEach(async () => {
  city = await FakeMediaCity.open();
  home = await openMemoryOutgoing();
});
afterEach(() => city.close());

const send = (patience = 5_000) =>
  sendWaiting({
    files: home.again(),
    locks: home.locks,
    profile: 'p',
    network: { isOnline: () => true, watch: () => () => undefined },
    fetch: (url, init) => fetch(url, init),
    random: () => 0,
    now: Date.now,
    hear: home.hear,
    patience,
  });

test('nothing to send is told at once', async () => {
  expect(await send()).toBe('idle');
});

test('what waits is sent; what waits for a hand is left', async () => {
  await keepFile(home.files, noise(3_000), { server: city.origin });
  await keepFile(home.files, noise(2 << 20, 2), { server: city.origin });
  const { id } = await keepFile(home.files, noise(3_000, 3), { server: city.origin });
  await home.files.change(id, (progress) => ({ ...progress, state: 'paused' }));
  expect(await send()).toBe('done');
  expect(city.blobs.size).toBe(2);
  expect(await home.files.list()).toHaveLength(1);
});

test('a city that is away is left to the next time, and so is a file that only a signature helps', async () => {
  city.instead = () => ({ status: 503 });
  await keepFile(home.files, noise(3_000), { server: city.origin });
  expect(await send(300)).toBe('waiting');
  city.instead = () => undefined;
  expect(await send()).toBe('done');
  await keepFile(home.files, noise(3_000, 2), { server: city.origin, signedUntil: 1 });
  expect(await send()).toBe('waiting');
  expect(city.blobs.size).toBe(1);
});
