import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeMediaCity } from '../../../../tests/support/fake-media-city.ts';
import { noise, openMemoryOutgoing, sha256 } from '../../../../tests/support/outgoing.ts';
import { makeProfileKeys } from '../../../../tests/support/profile-keys.ts';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { hashInUrl, parseBlobAuth } from '#protocol/media/blossom.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import { CHUNK_BYTES, FileSealer, TAG_BYTES } from '#protocol/media/sealing.ts';
import { tagValues } from '#protocol/tags.ts';
import { ok } from '#shared/result.ts';
import type { PreparedFile, UploadRow } from '../media.ts';
import { DeskHost } from './desk-host.ts';
import { hashHere } from '../sealing/hashing.ts';
import type { DeskEars } from './remote.ts';

let city: FakeMediaCity;
let home: Awaited<ReturnType<typeof openMemoryOutgoing>>;
let keys: Awaited<ReturnType<typeof makeProfileKeys>>;
let desks: DeskHost[];
let isOnline: boolean;
let rows: readonly UploadRow[];
let given: { readonly file: SealedFile; readonly note: string }[];
beforeEach(async () => {
  city = await FakeMediaCity.open({ readsTokens: true });
  home = await openMemoryOutgoing();
  keys = await makeProfileKeys();
  [desks, rows, given, isOnline] = [[], [], [], true];
});
afterEach(async () => {
  desks.forEach((desk) => desk.close());
  await city.close();
});

const sign: DeskEars['sign'] = async (draft) => ok(fakeEvent(draft));
const open = async (over: Partial<DeskEars> = {}) => {
  const desk = new DeskHost({
    openFiles: async () => home.again(),
    locks: home.locks,
    network: { isOnline: () => isOnline, watch: () => () => undefined },
    fetch: (url, init) => fetch(url, init),
    hear: (_profile, changed) => home.hear(changed),
    beginHash: hashHere,
    random: () => 0,
    now: Date.now,
  });
  desks.push(desk);
  const ears: DeskEars = {
    rows: (all) => (rows = all),
    sign,
    sealed: async (file, note) => given.push({ file, note }) > 0,
  };
  await desk.open({ keys, server: city.origin }, { ...ears, ...over });
  return desk;
};
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let n = 0; n < 800 && !(await holds()); n++) await new Promise((resolve) => setTimeout(resolve, 10));
};
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const photo = (bytes = noise(30_000)): PreparedFile => ({
  body: new Blob([bytes]),
  type: 'image/jpeg',
  name: 'cat.jpg',
  width: 40,
  height: 30,
  thumb: { body: new Blob([noise(900, 5)]), type: 'image/webp' },
});
const nothing = (): undefined => undefined;

/** Opens what the city has of a sealed file. */
const opened = async ({ hash, key }: Pick<SealedFile, 'hash' | 'key'>): Promise<string> => {
  const sealed = new Uint8Array(city.blobs.get(hash) ?? []);
  const sealer = await FileSealer.open(key);
  if (key.algorithm === 'aes-gcm') {
    const whole = await sealer.open(sealed);
    return whole.ok ? sha256(whole.value) : 'damaged';
  }
  const parts: Uint8Array[] = [];
  const step = CHUNK_BYTES + TAG_BYTES;
  for (let at = 0; at < sealed.length; at += step) {
    const part = await sealer.openChunk(sealed.slice(at, at + step), at / step, at + step >= sealed.length);
    if (!part.ok) return 'damaged';
    parts.push(part.value);
  }
  return sha256(Buffer.concat(parts));
};

test('an offered photo and its small picture are known at once, sent by themselves, and shown as stored', async () => {
  const bytes = noise(30_000);
  const desk = await open();
  const offered = await desk.offer(photo(bytes));
  const hash = sha256(bytes);
  expect(offered).toMatchObject({
    ok: true,
    value: {
      hash,
      url: `${city.origin}/${hash}.jpg`,
      type: 'image/jpeg',
      size: 30_000,
      width: 40,
      name: 'cat.jpg',
    },
  });
  await until(() => city.blobs.size === 2 && home.disk.files.size === 0);
  const thumb = offered.ok ? hashInUrl(offered.value.thumb ?? '') : undefined;
  expect([...city.blobs.keys()].sort()).toEqual([hash, thumb ?? ''].sort());
  await until(() => rows[0]?.state === 'stored');
  expect(rows).toMatchObject([{ hash, state: 'stored', sent: 30_000 }]);
});

test('its token names both, the city, and holds for days', async () => {
  const signed: ReturnType<typeof fakeEvent>[] = [];
  const desk = await open({
    sign: async (draft) => ok(signed[signed.push(fakeEvent(draft)) - 1] ?? fakeEvent(draft)),
  });
  isOnline = false;
  await desk.offer(photo());
  expect(signed).toHaveLength(1);
  expect(tagValues(signed[0] ?? fakeEvent({ kind: 1 }), 'x')).toHaveLength(2);
  expect(tagValues(signed[0] ?? fakeEvent({ kind: 1 }), 'server')).toEqual(['127.0.0.1']);
  expect(tagValues(signed[0] ?? fakeEvent({ kind: 1 }), 't')).toEqual(['upload']);
  expect(parseBlobAuth('Nostr x').ok).toBe(false);
});

test('what cannot be offered leaves nothing: too big, the wrong type, unsigned, no room, changed', async () => {
  const desk = await open({ sign: async () => ({ ok: false, error: { code: 'refused', message: 'no' } }) });
  const code = async (file: PreparedFile) => {
    const offered = await desk.offer(file);
    return offered.ok ? 'ok' : offered.error.code;
  };
  expect(await code({ ...photo(), type: 'text/html' })).toBe('type');
  expect(await code(photo())).toBe('refused');
  const gone = Object.assign(new Blob(['x']), {
    slice: () => ({ arrayBuffer: () => Promise.reject(new Error('x')) }),
  });
  expect(await code({ ...photo(), body: gone as unknown as Blob })).toBe('changed');
  home.disk.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  expect(await code(photo())).toBe('storage');
  expect([city.asked, home.disk.files.size]).toEqual([[], 0]);
});

test('what was offered without a network is sent by the next visit', async () => {
  isOnline = false;
  const first = await open();
  const offered = await first.offer(photo());
  first.close();
  isOnline = true;
  await open();
  await until(() => city.blobs.size === 2);
  expect(offered.ok && city.blobs.has(offered.value.hash ?? '')).toBe(true);
});

test('a cancelled file is not sent, and its line is told', async () => {
  isOnline = false;
  const desk = await open();
  const offered = await desk.offer(photo());
  await desk.hand(offered.ok ? (offered.value.hash ?? '') : '', 'cancel');
  isOnline = true;
  desk.signedIn();
  await pause(100);
  expect(city.blobs.size).toBe(0);
  expect((await home.files.list()).map(({ progress }) => progress.state)).toEqual(['cancelled', 'cancelled']);
  await until(() => rows.length === 0);
  expect(rows).toEqual([]);
});

test.each([
  ['small', 3_000],
  ['in one piece', 2 << 20],
  ['in chunks', (19 << 20) + 7],
])('a sealed file (%s) is opened by its key alone; nothing of it stays here', async (_name, size) => {
  const bytes = noise(size);
  const told: number[] = [];
  const desk = await open();
  const sealed = await desk.seal(
    'n',
    photo(bytes),
    { expires: 4_000_000_000 },
    (sent) => void told.push(sent),
  );
  if (!sealed.ok) throw new Error(sealed.error.message);
  expect(sealed.value).toMatchObject({ type: 'image/jpeg', size, name: 'cat.jpg', expires: 4_000_000_000 });
  expect(await opened(sealed.value)).toBe(sha256(bytes));
  expect(sealed.value.thumb && (await opened(sealed.value.thumb))).toBe(sha256(noise(900, 5)));
  expect(told.at(-1)).toBe(city.blobs.get(sealed.value.hash)?.length);
  await until(() => home.disk.files.size === 0);
  expect(home.disk.files.size).toBe(0);
});

test('sealed whole before the page went, it goes on without its source, and whoever asked is told', async () => {
  const bytes = noise(20 << 20);
  city.slow = 40;
  const first = await open();
  void first.seal('n', photo(bytes), { note: 'for ana' }, nothing).catch(() => undefined);
  await until(async () =>
    (await home.files.list()).some(({ manifest }) => manifest.stage === 'ready' && !manifest.of),
  );
  isOnline = false;
  first.close();
  await pause(200);
  city.slow = 0;
  isOnline = true;
  const second = await open();
  second.takesSealed();
  await until(() => given.length === 1);
  expect(given[0]?.note).toBe('for ana');
  expect(given[0] && (await opened(given[0].file))).toBe(sha256(bytes));
  await until(() => home.disk.files.size === 0);
  expect(home.disk.files.size).toBe(0);
});

test('a page that went before it was sealed whole: that is told, and nothing can come of it', async () => {
  const files = home.files;
  await files.put({
    ...{ v: 1, id: 'ab'.repeat(16), stage: 'keeping', name: 'film.mp4', type: 'application/octet-stream' },
    ...{ size: 500, isSealed: true, server: city.origin, begin: 'x', signedUntil: 4_000_000_000, at: 1 },
  });
  const desk = await open();
  await until(() => rows.length === 1);
  expect(rows).toMatchObject([{ name: 'film.mp4', state: 'failed' }]);
  await desk.hand('ab'.repeat(16), 'cancel');
  await until(() => rows.length === 0);
  expect(home.disk.files.size).toBe(0);
});

test('a disk without room lets it through memory; a file that changes ends it everywhere', async () => {
  const bytes = noise(20 << 20);
  const desk = await open();
  let pieces = 0;
  home.disk.refuse = (name) => /^[0-9a-f]{32} \d+$/.test(name) && ++pieces > 1;
  const sealed = await desk.seal(
    'n',
    { ...photo(bytes), thumb: undefined } as unknown as PreparedFile,
    {},
    nothing,
  );
  expect(sealed.ok && (await opened(sealed.value))).toBe(sha256(bytes));
  home.disk.refuse = () => false;
  const body = new Blob([noise(12 << 20, 3)]);
  const slice = body.slice.bind(body);
  body.slice = (from = 0, to = 0) => (from > 9 << 20 ? new Blob() : slice(from, to));
  const changed = await desk.seal('m', { body, type: 'video/mp4', name: 'x' }, {}, nothing);
  expect(changed).toMatchObject({ ok: false, error: { code: 'changed' } });
  await until(() => city.parts.size === 0);
  expect([city.parts.size, home.disk.files.size, city.blobs.size]).toEqual([0, 0, 1]);
});

test('stopping a seal leaves nothing here and nothing there', async () => {
  city.slow = 30;
  const desk = await open();
  const sealing = desk.seal('n', photo(noise(12 << 20)), {}, nothing);
  await until(() => city.parts.size > 0 && city.received > 0);
  desk.stopSeal('n');
  expect(await sealing).toMatchObject({ ok: false, error: { code: 'stopped' } });
  await until(() => city.parts.size === 0);
  expect([city.parts.size, home.disk.files.size]).toEqual([0, 0]);
});
