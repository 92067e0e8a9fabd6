/** The app's own engine for files against the real city: offered, sealed, cut ten times, listed, taken back. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DeskHost } from '#client/media/desk/desk-host.ts';
import { hashHere } from '#client/media/sealing/hashing.ts';
import type { PreparedFile, UploadRow } from '#client/media/media.ts';
import { FileSealer } from '#protocol/media/sealing.ts';
import type { City } from '#server/city.ts';
import { ok } from '#shared/result.ts';
import { makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { CuttingProxy } from '../support/cutting-proxy.ts';
import { makePicture } from '../support/media-api.ts';
import { noise, openMemoryOutgoing, sha256 } from '../support/outgoing.ts';
import { makeProfileKeys } from '../support/profile-keys.ts';
import { startTestCity } from '../support/server.ts';

let city: City;
beforeAll(async () => {
  city = await startTestCity();
});
afterAll(() => city.close());

let home: Awaited<ReturnType<typeof openMemoryOutgoing>>;
let ana: Person;
let rows: readonly UploadRow[];
let desks: DeskHost[];
beforeEach(async () => {
  home = await openMemoryOutgoing();
  ana = makePerson();
  [rows, desks] = [[], []];
});
afterEach(() => desks.forEach((desk) => desk.close()));

const open = async (server = new URL(city.url).origin): Promise<DeskHost> => {
  const desk = new DeskHost({
    openFiles: async () => home.again(),
    locks: home.locks,
    network: { isOnline: () => true, watch: () => () => undefined },
    fetch: (url, init) => fetch(url, init),
    hear: (_profile, changed) => home.hear(changed),
    beginHash: hashHere,
    random: () => 0,
    now: Date.now,
  });
  desks.push(desk);
  await desk.open(
    { keys: await makeProfileKeys(), server },
    {
      rows: (all) => (rows = all),
      sign: async (draft) => ok(ana.sign({ ...draft, created_at: Math.floor(Date.now() / 1000) })),
      sealed: async () => true,
    },
  );
  return desk;
};
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let n = 0; n < 2000 && !(await holds()); n++) await new Promise((resolve) => setTimeout(resolve, 10));
};
const isEmpty = async () => (await home.files.list()).length === 0;
const stored = async (hash: string) => fetch(new URL(`/${hash}`, city.url));
const film = (bytes: Uint8Array<ArrayBuffer>): PreparedFile => ({
  body: new Blob([bytes]),
  type: 'video/mp4',
  name: 'film.mp4',
});

test('a photo is offered, stored, listed and taken back', async () => {
  const picture = new Uint8Array(await makePicture());
  const desk = await open();
  const offered = await desk.offer({
    ...{ body: new Blob([picture]), type: 'image/png', name: 'cat.png', width: 8, height: 8 },
    thumb: { body: new Blob([new Uint8Array(await makePicture(600))]), type: 'image/png' },
  });
  if (!offered.ok) throw new Error(offered.error.message);
  await until(isEmpty);
  expect(rows.filter(({ state }) => state === 'failed')).toEqual([]);
  expect((await fetch(offered.value.url)).status).toBe(200);
  expect((await fetch(offered.value.thumb ?? '')).status).toBe(200);
  const listed = await desk.list(ana.pubkey);
  expect(listed.ok && listed.value.map(({ sha256: hash }) => hash)).toContain(offered.value.hash);
  expect((await desk.remove(offered.value.hash ?? '')).ok).toBe(true);
  expect((await fetch(offered.value.url)).status).toBe(404);
  expect((await desk.remove(offered.value.hash ?? '')).ok).toBe(true);
});

test('what is no picture is refused in the city’s words, and can be given up', async () => {
  const desk = await open();
  const offered = await desk.offer({ body: new Blob([noise(5_000)]), type: 'image/png', name: 'lie.png' });
  const hash = offered.ok ? (offered.value.hash ?? '') : '';
  await until(() => rows.some(({ state }) => state === 'failed'));
  expect(rows).toMatchObject([{ hash, state: 'failed' }]);
  expect(rows[0]?.reason).toMatch(/picture/);
  await desk.hand(hash, 'cancel');
  await until(() => rows.length === 0);
  expect(rows).toEqual([]);
});

/** Mebibytes that are sent with cuts; the soak sends 500 million bytes. */
const CUT_MB = Number(process.env['CUT_MB'] ?? 40);

test('a sealed file that is cut ten times costs at most a twentieth more, and opens', async () => {
  const proxy = await CuttingProxy.open(Number(new URL(city.url).port));
  const bytes = noise(CUT_MB << 20);
  const share = bytes.length / 20;
  let connections = 0;
  proxy.budget = () => (++connections <= 10 ? share * (1 + ((connections * 7) % 10) / 10) : Infinity);
  const desk = await open(`http://127.0.0.1:${proxy.port}`);
  const sealed = await desk.seal('n', film(bytes), {}, () => undefined);
  await proxy.close();
  if (!sealed.ok) throw new Error(sealed.error.message);
  expect(connections).toBeGreaterThan(10);
  if (process.env['CUT_MB']) console.warn(`cut ${connections - 1} times: ${proxy.passed / bytes.length}`);
  expect(proxy.passed).toBeLessThanOrEqual(bytes.length * 1.05);
  const there = new Uint8Array(await (await stored(sealed.value.hash)).arrayBuffer());
  expect(sha256(there)).toBe(sealed.value.hash);
  const sealer = await FileSealer.open(sealed.value.key);
  const first = await sealer.openChunk(there.slice(0, (1 << 20) + 16), 0, false);
  expect(first.ok && sha256(first.value)).toBe(sha256(bytes.slice(0, 1 << 20)));
  expect(home.disk.files.size).toBe(0);
}, 600_000);

test('small sealed files go too, with their time to live', async () => {
  const desk = await open();
  const expires = Math.floor(Date.now() / 1000) + 3_600;
  const sealed = await desk.seal('n', film(noise(2_000)), { expires }, () => undefined);
  if (!sealed.ok) throw new Error(sealed.error.message);
  const listed = await desk.list(ana.pubkey);
  expect(listed.ok && listed.value).toMatchObject([{ sha256: sealed.value.hash, expires }]);
});
