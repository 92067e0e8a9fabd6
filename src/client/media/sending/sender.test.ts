import { afterEach, beforeEach, expect, test } from 'vitest';
import { CuttingProxy } from '../../../../tests/support/cutting-proxy.ts';
import { FakeMediaCity } from '../../../../tests/support/fake-media-city.ts';
import { keepFile, noise, openMemoryOutgoing, sha256 } from '../../../../tests/support/outgoing.ts';
import type { Network } from '../../relays/ports.ts';
import { Sender } from './sender.ts';
import type { SenderPorts } from './sender.ts';

let city: FakeMediaCity;
let home: Awaited<ReturnType<typeof openMemoryOutgoing>>;
let senders: Sender[];
let isOnline: boolean;
let networkChanged: () => void;
beforeEach(async () => {
  city = await FakeMediaCity.open();
  home = await openMemoryOutgoing();
  senders = [];
  isOnline = true;
  networkChanged = () => undefined;
});
afterEach(async () => {
  senders.forEach((sender) => sender.stop());
  await city.close();
});

const network: Network = {
  isOnline: () => isOnline,
  watch: (changed) => {
    networkChanged = changed;
    return () => undefined;
  },
};
const sent: string[] = [];
const open = (over: Partial<SenderPorts> = {}): Sender => {
  const sender = new Sender({
    files: home.again(),
    locks: home.locks,
    profile: 'p',
    network,
    fetch: (url, init) => fetch(url, init),
    random: () => 0,
    now: () => 1_800_000_000_000,
    hear: home.hear,
    onsent: (id, bytes) => void sent.push(`${id} ${bytes}`),
    ...over,
  });
  senders.push(sender);
  return sender;
};
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let n = 0; n < 1000 && !(await holds()); n++) await new Promise((resolve) => setTimeout(resolve, 10));
};
const empty = async () => (await home.files.list()).length === 0;
const stateOf = async (id: string) => (await home.files.get(id))?.progress;

test('a small file goes in one request, a large one by tus; both leave nothing on this device', async () => {
  const [small, large] = [noise(5_000), noise(3 << 20, 2)];
  await keepFile(home.files, small, { server: city.origin, of: 'x' });
  await keepFile(home.files, large, { server: city.origin, expires: 1_900_000_000 });
  open();
  await until(empty);
  expect(new Map([...city.blobs].map(([hash, bytes]) => [hash, bytes.length]))).toEqual(
    new Map([
      [sha256(small), 5_000],
      [sha256(large), 3 << 20],
    ]),
  );
  expect(city.asked.filter((one) => one === 'PUT /upload')).toHaveLength(1);
  expect(city.received).toBe(5_000 + (3 << 20));
  expect(home.disk.files.size).toBe(0);
});

test('ten cuts cost at most a twentieth more, and another tab goes on where one ended', async () => {
  const proxy = await CuttingProxy.open(city.port);
  const large = noise(40 << 20);
  let cuts = 0;
  proxy.budget = () => (++cuts <= 10 ? 1_500_000 + cuts * 300_000 : Infinity);
  await keepFile(home.files, large, { server: `http://127.0.0.1:${proxy.port}` });
  const first = open();
  await until(() => cuts > 3);
  first.stop();
  open();
  await until(empty);
  await proxy.close();
  expect(city.blobs.has(sha256(large))).toBe(true);
  expect(cuts).toBeGreaterThan(10);
  expect(city.received).toBeLessThanOrEqual(large.length * 1.05);
}, 60_000);

test('without a network it waits, and begins when there is one', async () => {
  isOnline = false;
  await keepFile(home.files, noise(2_000), { server: city.origin });
  open();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(city.asked).toEqual([]);
  isOnline = true;
  networkChanged();
  await until(empty);
  expect(city.blobs.size).toBe(1);
});

test('what the city refuses waits for the person’s hand, in the city’s words', async () => {
  city.instead = (method) =>
    method === 'PUT' ? { status: 507, headers: { 'x-reason': 'the city is full' } } : undefined;
  const { id } = await keepFile(home.files, noise(2_000), { server: city.origin });
  open();
  await until(async () => (await stateOf(id))?.state === 'failed');
  expect(await stateOf(id)).toMatchObject({ reason: 'the city is full' });
  city.instead = () => undefined;
  await home.files.change(id, () => ({ state: 'waiting', sent: 0 }));
  await until(empty);
  expect(city.blobs.size).toBe(1);
});

test('a pause ends what is under way, going on does not begin anew', async () => {
  city.slow = 30;
  const large = noise(6 << 20);
  const { id } = await keepFile(home.files, large, { server: city.origin });
  open();
  await until(() => city.received > 1 << 20);
  await home.files.change(id, (progress) => ({ ...progress, state: 'paused' }));
  await new Promise((resolve) => setTimeout(resolve, 150));
  const asked = city.asked.length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(city.asked.length).toBe(asked);
  await home.files.change(id, (progress) => ({ ...progress, state: 'waiting' }));
  await until(empty);
  expect(city.received).toBeLessThanOrEqual(large.length + (1 << 20));
});

test('an end whose answer was lost costs one question, not the file again', async () => {
  const large = noise(2 << 20);
  await keepFile(home.files, large, { server: city.origin });
  let isFirst = true;
  open({
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (!url.endsWith('/finish') || !isFirst) return response;
      isFirst = false;
      throw new TypeError('cut');
    },
  });
  await until(empty);
  expect(city.received).toBe(large.length);
});

test('a city that lost what it had is sent all of it again', async () => {
  const large = noise(4 << 20);
  city.slow = 20;
  await keepFile(home.files, large, { server: city.origin });
  open();
  await until(() => city.received > 1 << 20);
  city.parts.clear();
  await until(empty);
  expect(city.blobs.has(sha256(large))).toBe(true);
});

test('a signature that has run out is renewed once; one that is never believed is told', async () => {
  const { id } = await keepFile(home.files, noise(2_000), { server: city.origin, signedUntil: 1 });
  const signed: string[] = [];
  const sign: SenderPorts['sign'] = async (manifest) => {
    signed.push(manifest.id);
    await home.files.put({ ...manifest, signedUntil: 4_000_000_000 });
    return true;
  };
  city.instead = () => ({ status: 401 });
  open({ sign });
  await until(async () => (await stateOf(id))?.state === 'failed');
  expect(signed).toEqual([id]);
});

test('without a signer it waits until somebody signs in', async () => {
  await keepFile(home.files, noise(2_000), { server: city.origin, signedUntil: 1 });
  let isIn = false;
  const sender = open({
    sign: async (manifest) => {
      if (isIn) await home.files.put({ ...manifest, signedUntil: 4_000_000_000 });
      return isIn;
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(city.asked).toEqual([]);
  isIn = true;
  sender.signedIn();
  await until(empty);
  expect(city.blobs.size).toBe(1);
});

test('two tabs never send the same file', async () => {
  const large = noise(3 << 20);
  await keepFile(home.files, large, { server: city.origin });
  open();
  open();
  await until(empty);
  expect(city.received).toBe(large.length);
});

test('bytes that are damaged on this device are a failure with words', async () => {
  const { id } = await keepFile(home.files, noise(2 << 20), { server: city.origin });
  home.disk.files.get(`${id} 0`)?.fill(7, 100, 200);
  open();
  await until(async () => (await stateOf(id))?.state === 'failed');
  expect(city.blobs.size).toBe(0);
  expect((await stateOf(id))?.reason).toContain('not on this device');
});
