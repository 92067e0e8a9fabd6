import { beforeAll, expect, test } from 'vitest';
import { CHUNK_BYTES } from '#protocol/media/sealing.ts';
import {
  key,
  plainBytes,
  seal,
  SEALED_CHUNK,
  sealedCity,
  sha256,
} from '../../../../tests/support/sealed-city.ts';
import { FileDesk } from './file-desk.ts';
import type { FileRequest } from './file-desk.ts';
import type { StreamNews, StreamUse } from './offer.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const SIZE = 3 * CHUNK_BYTES + 777;
const plain = plainBytes(SIZE);
const id = 'ab'.repeat(16);
let sealed: Bytes;
beforeAll(async () => {
  sealed = await seal(plain);
});

/** A worker with one city, and a page that offers a file to it. */
const makeDesk = (bytes = sealed) => {
  const city = sealedCity(bytes);
  const news: StreamNews[] = [];
  const told: unknown[] = [];
  const pages = new Set(['page']);
  const wanted: string[] = [];
  let onwanted = (): void => undefined;
  const desk = new FileDesk({
    ...city.ports,
    wait: () => new Promise((go) => setTimeout(go, 1)),
    origin: 'https://city.test',
    wanted: async (name) => void (wanted.push(name), onwanted()),
    alive: async (some) => new Set(some.filter((page) => pages.has(page))),
  });
  const say = (data: object, from = 'page') =>
    desk.hear({
      data: { id, ...data },
      from,
      port: { postMessage: (one) => void news.push(one) },
      answer: (message) => void told.push(message),
    });
  const offer = (use: StreamUse, change: object = {}, from = 'page', other?: string) =>
    say(
      {
        type: 'file-offer',
        file: { ...film, hash: sha256(sealed), use, ...change },
        ...(other === undefined ? {} : { id: other }),
      },
      from,
    );
  const ask = (change: Partial<FileRequest> = {}) =>
    desk.answer({ id, from: 'page', isNavigation: false, range: null, ...change });
  return {
    desk,
    ask,
    offer,
    say,
    news,
    told,
    pages,
    wanted,
    asked: city.asked,
    set: (call: () => void) => (onwanted = call),
  };
};
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const film = { url: 'https://city.test/f', type: 'video/mp4', size: SIZE, key, name: 'harbour.mp4' };

test('a part is answered as a part', async () => {
  const { offer, ask, asked } = makeDesk();
  offer('play');
  const answer = await ask({ range: `bytes=${CHUNK_BYTES + 5}-${CHUNK_BYTES + 14}` });
  expect([answer.status, answer.headers.get('content-range')]).toEqual([
    206,
    `bytes ${CHUNK_BYTES + 5}-${CHUNK_BYTES + 14}/${SIZE}`,
  ]);
  expect((await bytesOf(answer)).equals(plain.subarray(CHUNK_BYTES + 5, CHUNK_BYTES + 15))).toBe(true);
  expect(asked).toEqual([`bytes=${SEALED_CHUNK}-${2 * SEALED_CHUNK - 1}`]);
});

test('beyond the end there is nothing', async () => {
  const { offer, ask } = makeDesk();
  offer('play');
  const answer = await ask({ range: `bytes=${SIZE}-` });
  expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${SIZE}`]);
});

test('a download is whole, has its name, and says how far it is', async () => {
  const { offer, ask, news } = makeDesk();
  offer('save');
  const answer = await ask({ isNavigation: true, from: '', range: 'bytes=5-' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe(String(SIZE));
  expect(answer.headers.get('content-disposition')).toContain('attachment; filename="harbour.mp4"');
  expect((await bytesOf(answer)).equals(plain)).toBe(true);
  expect(news.at(-2)).toEqual({ is: 'given', bytes: SIZE });
  expect(news.at(-1)).toEqual({ is: 'done' });
});

test('a name that nobody offered, and another page’s, look alike', async () => {
  const { offer, ask } = makeDesk();
  expect((await ask()).status).toBe(404);
  offer('play');
  expect((await ask({ from: 'other' })).status).toBe(404);
  expect((await ask({ id: 'cd'.repeat(16) })).status).toBe(404);
});

test('what is played opens as no page, and what is saved is read by no script', async () => {
  const playing = makeDesk();
  playing.offer('play');
  expect((await playing.ask({ isNavigation: true })).status).toBe(404);
  const saving = makeDesk();
  saving.offer('save');
  expect((await saving.ask()).status).toBe(404);
});

test('nobody takes over or closes what another page offered', async () => {
  const { offer, ask, say } = makeDesk();
  offer('play');
  offer('play', { url: 'https://city.test/other' }, 'thief');
  say({ type: 'file-closed' }, 'thief');
  expect((await ask()).status).toBe(200);
  expect((await ask({ from: 'thief' })).status).toBe(404);
});

test('a damaged end breaks the download off, and is told', async () => {
  const spoilt = sealed.slice();
  spoilt[spoilt.length - 3] = (spoilt.at(-3) ?? 0) ^ 4;
  const { offer, ask, news } = makeDesk(spoilt);
  offer('save');
  const answer = await ask({ isNavigation: true });
  await expect(answer.arrayBuffer()).rejects.toThrow();
  expect(news.at(-1)).toMatchObject({ is: 'trouble', code: 'damaged' });
  expect((await ask({ isNavigation: true })).status).toBe(502);
});

test('a damaged beginning is no answer at all', async () => {
  const { offer, ask, news } = makeDesk(sealed.slice(9));
  offer('play');
  expect((await ask()).status).toBe(502);
  expect(news.at(-1)).toMatchObject({ is: 'trouble', code: 'damaged' });
});

test('a download that the browser stops is stopped here too', async () => {
  const { offer, ask, news, asked } = makeDesk();
  offer('save');
  const reader = (await ask({ isNavigation: true })).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(news.at(-1)).toEqual({ is: 'stopped' });
  expect(asked.length).toBeLessThan(4);
});

test('what a page closes is cut, and gone', async () => {
  const { offer, ask, say } = makeDesk();
  offer('save');
  const reader = (await ask({ isNavigation: true })).body?.getReader();
  await reader?.read();
  say({ type: 'file-closed' });
  expect((await ask({ isNavigation: true })).status).toBe(404);
});

test('a worker that woke up asks its pages once, and goes on', async () => {
  const { offer, ask, wanted, set } = makeDesk();
  set(() => setTimeout(() => offer('play'), 0));
  const [one, two] = await Promise.all([ask({ range: 'bytes=0-9' }), ask({ range: 'bytes=5-9' })]);
  expect([one.status, two.status]).toEqual([206, 206]);
  expect(wanted).toEqual([id]);
});

test('who needs a file that is not known here is told so', () => {
  const { say, told, offer } = makeDesk();
  say({ type: 'file-needed' });
  expect(told).toEqual([{ type: 'file-lost', id }]);
  offer('play');
  say({ type: 'file-needed' });
  expect(told).toHaveLength(1);
});

test('with its page a file is gone', async () => {
  const { offer, ask, pages } = makeDesk();
  offer('save');
  pages.delete('page');
  pages.add('later');
  offer('play', {}, 'later', 'cd'.repeat(16));
  await new Promise((go) => setTimeout(go, 0));
  expect((await ask({ isNavigation: true })).status).toBe(404);
});
