/** Strangers' pictures through the city, over real HTTP: who may ask, what comes back, what the other side learns. */
import { createServer, request as ask } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { City } from '#server/city.ts';
import { makePerson } from '../support/client.ts';
import { deleteFile, putFile, sha256 } from '../support/media-api.ts';
import { startTestCity } from '../support/server.ts';

let city: City;
let target: Server;
let heard: { url: string; headers: IncomingHttpHeaders }[];
let pages: Record<string, RequestListener>;
/** Each test has addresses of its own: what was asked once is remembered. */
let round = 0;
const ports = new Set<number>();

beforeAll(async () => {
  target = createServer((request, response) => {
    const url = (request.url ?? '/').replace(/^\/\d+/, '');
    heard.push({ url, headers: request.headers });
    const page = pages[url];
    if (page) page(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  ports.add((target.address() as AddressInfo).port);
  city = await startTestCity({ proxy: { loopbackPorts: ports, answerWithinMs: 1000 } });
});

beforeEach(() => {
  heard = [];
  pages = {};
  round += 1;
});

afterAll(async () => {
  await city.close();
  target.closeAllConnections();
  await new Promise((resolve) => target.close(resolve));
});

interface Heard {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request with exactly these headers: `fetch` would add a browser's own. */
const send = (
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const request = ask(
      `${city.url}${path}`.replace('localhost', '127.0.0.1'),
      { method, headers },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces),
          }),
        );
      },
    );
    request.on('error', reject).end(body);
  });

const PAGE = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
const at = (path: string): string => `http://127.0.0.1:${[...ports][0]}/${round}${path}`;

const sign = async (
  items: unknown,
  headers: Record<string, string> = PAGE,
): Promise<{ status: number; items: { url: string; width?: number; address?: string }[] }> => {
  const { status, body } = await send('/api/media/sign', {
    method: 'POST',
    headers,
    body: JSON.stringify({ items }),
  });
  return { status, items: status === 200 ? (JSON.parse(body.toString()) as { items: [] }).items : [] };
};

const addressOf = async (url: string, width?: number): Promise<string> =>
  (await sign([{ url, ...(width ? { width } : {}) }])).items[0]?.address ?? '/none';

const picture = (width = 40, height = 30) =>
  sharp({ create: { width, height, channels: 3, background: { r: 30, g: 160, b: 90 } } });

const give =
  (bytes: Buffer, type: string): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type, 'set-cookie': 'who=you', 'x-other': 'y' }).end(bytes);

test('a picture comes through the city; its server learns nothing, and is asked once', async () => {
  const bytes = await picture().png().toBuffer();
  pages['/a.png'] = give(bytes, 'text/html');
  const address = await addressOf(at('/a.png'));
  const headers = {
    cookie: 'c=1',
    referer: 'http://city/secret',
    'x-forwarded-for': '8.8.8.8',
    'user-agent': 'Somebody',
  };
  const answers = await Promise.all(Array.from({ length: 40 }, () => send(address, { headers })));
  for (const { status, body, headers } of answers) {
    expect([status, body.equals(bytes)]).toEqual([200, true]);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('x-other');
  }
  expect(heard).toHaveLength(1);
  expect(Object.keys(heard[0]?.headers ?? {}).sort()).toEqual([
    'accept',
    'accept-encoding',
    'connection',
    'host',
    'user-agent',
  ]);
  expect(JSON.stringify(heard)).not.toMatch(/8\.8\.8\.8|secret|Somebody|c=1/);
});

test('only pages of this city have addresses made, and only for places on the public internet', async () => {
  const url = 'https://pictures.example/a.png';
  expect((await sign([{ url }])).items[0]?.address).toMatch(/^\/api\/media\?/);
  expect((await sign([{ url }], { origin: city.url })).status).toBe(200);
  for (const headers of [
    {},
    { origin: 'https://elsewhere.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-site', origin: city.url },
  ] as Record<string, string>[])
    expect((await sign([{ url }], headers)).status).toBe(403);
  const { items } = await sign([
    { url: 'file:///etc/passwd' },
    { url: 'http://a:b@pictures.example/' },
    { url: 'http://pictures.example:22/' },
    { url },
  ]);
  expect(items.map(({ address }) => address !== undefined)).toEqual([false, false, false, true]);
  for (const wrong of [
    [{ url, width: 161 }],
    [{}],
    ['x'],
    'x',
    Array.from({ length: 201 }, () => ({ url })),
    [{ url: 7 }],
  ])
    expect((await sign(wrong)).status).toBe(400);
  expect((await send('/api/media/sign')).status).toBe(405);
  expect((await send('/api/media', { method: 'POST', headers: PAGE })).status).toBe(405);
});

test('an address is the same all day, and nobody else can make or change one', async () => {
  pages['/a.png'] = give(await picture().png().toBuffer(), 'image/png');
  const address = await addressOf(at('/a.png'), 160);
  expect(await addressOf(at('/a.png'), 160)).toBe(address);
  const query = new URLSearchParams(address.slice(address.indexOf('?') + 1));
  const changed = (name: string, value: string): string => {
    const other = new URLSearchParams(query);
    other.set(name, value);
    return `/api/media?${other.toString()}`;
  };
  const others = [
    changed('url', at('/b.png')),
    changed('w', '320'),
    changed('w', ''),
    changed('w', '99999'),
    changed('exp', '9999999999'),
    changed('exp', 'x'),
    changed('sig', 'AAAA'),
    changed('sig', ''),
    '/api/media',
    '/api/media?url=http://127.0.0.1/',
  ];
  for (const other of others) expect((await send(other)).status).toBe(403);
  expect((await send(address, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  expect(heard).toEqual([]);
  expect((await send(address, { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
});

test('a signed address of a forbidden place is still not asked', async () => {
  const secret = createServer((_, response) => response.end('secret'));
  await new Promise<void>((resolve) => secret.listen(0, '127.0.0.1', resolve));
  const { port } = secret.address() as AddressInfo;
  let knocks = 0;
  secret.on('connection', () => (knocks += 1));
  pages['/away'] = (_, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
  for (const url of [
    at('/away'),
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://169.254.169.254/latest',
    'http://localhost/',
  ])
    expect((await send(await addressOf(url))).status).toBe(403);
  expect(knocks).toBe(0);
  secret.close();
});

test('what is no picture, sound or video does not pass; PDF only as a file', async () => {
  pages['/page'] = give(Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/png');
  pages['/drawing'] = give(
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
    'image/svg+xml',
  );
  pages['/program'] = give(Buffer.from('#!/bin/sh\necho hello'), 'image/png');
  pages['/gifar'] = give(
    Buffer.concat([await picture().gif().toBuffer(), Buffer.from('PK\x05\x06'), Buffer.alloc(18)]),
    'image/gif',
  );
  pages['/paper'] = give(Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n'), 'application/pdf');
  for (const path of ['/page', '/drawing', '/program', '/gifar'])
    expect([path, (await send(await addressOf(at(path)))).status]).toEqual([path, 415]);
  const paper = await send(await addressOf(at('/paper')));
  expect(paper.headers['content-disposition']).toMatch(/^attachment/);
  expect(paper.headers['content-security-policy']).toContain('sandbox');
});

test('servers that fail are asked again after a while, not for every reader', async () => {
  pages['/silent'] = () => undefined;
  pages['/huge'] = (_, response) => response.writeHead(200, { 'content-length': 50_000_001 }).write('x');
  for (const [path, status] of [
    ['/missing', 502],
    ['/silent', 504],
    ['/huge', 502],
  ] as const) {
    const address = await addressOf(at(path));
    expect([path, (await send(address)).status, (await send(address)).status]).toEqual([
      path,
      status,
      status,
    ]);
  }
  expect(heard).toHaveLength(3);
});

test('a small picture is WebP of the asked width, upright, without what was noted in it; the original is asked once', async () => {
  const bytes = await picture(900, 600)
    .withExif({ IFD0: { Copyright: 'me' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  pages['/photo.jpg'] = give(bytes, 'image/jpeg');
  const answer = await send(await addressOf(at('/photo.jpg'), 160));
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/webp']);
  const made = await sharp(answer.body).metadata();
  expect([made.width, made.height, made.exif, made.orientation]).toEqual([160, 240, undefined, undefined]);
  await send(await addressOf(at('/photo.jpg'), 320));
  expect((await send(await addressOf(at('/photo.jpg'), 160))).body.equals(answer.body)).toBe(true);
  expect(heard).toHaveLength(1);
});

test('own files have small pictures under their hash, without any signing, as long as they are there', async () => {
  const anna = makePerson();
  const bytes = await picture(900, 600).png().toBuffer();
  const hash = sha256(bytes);
  expect((await putFile(city.url, anna, bytes)).status).toBe(201);
  const small = await send(`/${hash}.png?w=320`);
  expect([small.status, small.headers['content-type']]).toEqual([200, 'image/webp']);
  expect((await sharp(small.body).metadata()).width).toBe(320);
  expect((await send(`/${hash}?w=320`)).body.equals(small.body)).toBe(true);
  // A width that is not made: the file itself.
  expect((await send(`/${hash}?w=321`)).body.equals(bytes)).toBe(true);
  expect((await deleteFile(city.url, anna, hash)).status).toBe(204);
  expect((await send(`/${hash}?w=320`)).status).toBe(404);
});

test('pictures of too many pixels, broken ones and sound have no small picture, and the city goes on', async () => {
  const bomb = await sharp({
    create: { width: 12_000, height: 12_000, channels: 3, background: 'white' },
    limitInputPixels: false,
  })
    .png({ compressionLevel: 9 })
    .toBuffer();
  expect(bomb.length).toBeLessThan(1_000_000);
  const whole = await picture(400, 300).jpeg().toBuffer();
  pages['/bomb.png'] = give(bomb, 'image/png');
  pages['/broken.jpg'] = give(whole.subarray(0, 700), 'image/jpeg');
  pages['/sound.wav'] = give(
    Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1'), Buffer.alloc(40)]),
    'audio/wav',
  );
  for (const path of ['/bomb.png', '/broken.jpg', '/sound.wav'])
    expect([path, (await send(await addressOf(at(path), 320))).status]).toEqual([path, 415]);
  expect((await send('/health')).status).toBe(200);
});

/** A video's head and then noise. */
const video = (size: number): Buffer => {
  const bytes = Buffer.alloc(size, 7);
  bytes.write('\0\0\0\x18ftypisom\0\0\0\x01isommp42', 0, 'latin1');
  return bytes;
};

test('parts of a video pass through, whole ones are given in parts from what is kept', async () => {
  const bytes = video(13_000_000);
  pages['/long.mp4'] = (request, response) => {
    const [, from = '0', to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const end = to ? Number(to) : bytes.length - 1;
    const part = bytes.subarray(Number(from), end + 1);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': part.length };
    if (request.headers.range === undefined) response.writeHead(200, headers).end(part);
    else
      response
        .writeHead(206, { ...headers, 'content-range': `bytes ${from}-${end}/${bytes.length}` })
        .end(part);
  };
  const address = await addressOf(at('/long.mp4'));
  const middle = await send(address, { headers: { range: 'bytes=5000-5099' } });
  expect([middle.status, middle.headers['content-type'], middle.headers['content-range']]).toEqual([
    206,
    'video/mp4',
    'bytes 5000-5099/13000000',
  ]);
  expect(middle.body.equals(bytes.subarray(5000, 5100))).toBe(true);
  const begin = await send(address, { headers: { range: 'bytes=0-' } });
  expect([begin.status, begin.body.equals(bytes)]).toEqual([206, true]);
  const whole = await send(address);
  expect([whole.status, whole.body.equals(bytes)]).toEqual([200, true]);
  pages['/short.mp4'] = give(video(20_000), 'video/mp4');
  const short = await addressOf(at('/short.mp4'));
  await send(short);
  const tail = await send(short, { headers: { range: 'bytes=-100' } });
  expect([tail.status, tail.headers['content-range'], tail.body.length]).toEqual([
    206,
    'bytes 19900-19999/20000',
    100,
  ]);
  expect(heard.filter(({ url }) => url === '/short.mp4')).toHaveLength(1);
});

test('too many at once are told to wait', async () => {
  const rate = { perSecond: 0.001, burst: 3 };
  const slow = await startTestCity({
    proxy: { loopbackPorts: ports, rates: { items: rate, requests: rate } },
  });
  const before = city;
  city = slow;
  try {
    const address = await addressOf(at('/missing'));
    const statuses = [];
    for (let number = 0; number < 5; number += 1) statuses.push((await send(address)).status);
    expect(statuses).toEqual([502, 502, 502, 429, 429]);
    expect((await sign([{ url: at('/a') }, { url: at('/b') }, { url: at('/c') }])).status).toBe(429);
  } finally {
    city = before;
    await slow.close();
  }
});
