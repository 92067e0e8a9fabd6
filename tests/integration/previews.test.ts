/** Pages that somebody links to, looked at by the city over real HTTP: what comes back, who may ask, and how pages attack. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { City } from '#server/city.ts';
import { startTestCity } from '../support/server.ts';

let city: City;
let target: Server;
let heard: { url: string; headers: IncomingHttpHeaders }[];
let pages: Record<string, RequestListener>;
/** Pictures are remembered: each test has addresses of its own. */
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
  city = await startTestCity({
    proxy: { loopbackPorts: ports, answerWithinMs: 800, pace: { leastPerSecond: 4096, graceMs: 500 } },
    previewRate: { perSecond: 0.001, burst: 400 },
  });
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

const at = (path: string): string => `http://127.0.0.1:${[...ports][0]}/${round}${path}`;
const PAGE = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };

const ask = async (body: unknown, headers: Record<string, string> = PAGE, on = city) => {
  const response = await fetch(`${on.url}/api/preview`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const look = (path: string) => ask({ url: at(path) });

const html =
  (text: string, type = 'text/html; charset=utf-8'): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type, 'set-cookie': 'who=you' }).end(text);
const titled = (title: string, rest = ''): string => `<html><head><title>${title}</title>${rest}</head>`;

test('a page’s words and its picture come back small, and its server learns nothing of who asks', async () => {
  const picture = await sharp({ create: { width: 1200, height: 630, channels: 3, background: '#2a7' } })
    .withExif({ IFD0: { Make: 'Spycam' } })
    .jpeg()
    .toBuffer();
  pages['/a'] = html(
    titled(
      'Tides',
      '<meta property="og:image" content="a.jpg"><meta name="description" content="Twice a day">',
    ),
  );
  pages['/a.jpg'] = (_, response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture);
  const { status, body } = await ask(
    { url: at('/a') },
    { ...PAGE, cookie: 'c=1', referer: 'http://city/secret' },
  );
  expect(status).toBe(200);
  expect(body).toMatchObject({
    title: 'Tides',
    description: 'Twice a day',
    picture: { type: 'image/webp', width: 480, height: 252 },
  });
  const given = Buffer.from((body['picture'] as { bytes: string }).bytes, 'base64');
  expect(await sharp(given).metadata()).toMatchObject({ format: 'webp', width: 480 });
  expect((await sharp(given).metadata()).exif).toBeUndefined();
  expect(heard.map(({ url }) => url)).toEqual(['/a', '/a.jpg']);
  expect(JSON.stringify(heard)).not.toMatch(/cookie|referer|secret/i);
});

test('who wants no picture has none, and nobody is asked for it', async () => {
  pages['/a'] = html(titled('Tides', '<meta property="og:image" content="a.jpg">'));
  expect((await ask({ url: at('/a'), picture: false })).body).toEqual({ title: 'Tides' });
  expect(heard.map(({ url }) => url)).toEqual(['/a']);
});

test.each([
  'http://127.0.0.1:22/',
  'http://127.0.0.1/',
  'http://localhost/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://10.0.0.1/',
  'https://192.168.1.1/admin',
  'http://me:pw@127.0.0.1/',
  'file:///etc/passwd',
  'gopher://127.0.0.1/',
  'data:text/html,<title>x</title>',
  'not an address',
])('%s is nobody’s to be asked', async (url) => {
  expect(await ask({ url })).toMatchObject({ status: 403, body: { error: 'forbidden' } });
});

test('a page or its picture that leads behind the city’s door leads nowhere', async () => {
  const away =
    (location: string): RequestListener =>
    (_, response) =>
      response.writeHead(302, { location }).end();
  pages['/hop'] = away('http://127.0.0.1:22/');
  pages['/meta'] = away('http://169.254.169.254/');
  pages['/round'] = (request, response) => response.writeHead(302, { location: request.url }).end();
  expect((await look('/hop')).body).toMatchObject({ error: 'forbidden' });
  expect((await look('/meta')).body).toMatchObject({ error: 'forbidden' });
  expect((await look('/round')).body).toMatchObject({ error: 'refused' });
  pages['/p'] = html(titled('Pictured', '<meta property="og:image" content="http://127.0.0.1:22/a.png">'));
  expect(await look('/p')).toEqual({ status: 200, body: { title: 'Pictured' } });
  pages['/q'] = html(titled('Pictured', '<meta property="og:image" content="hop">'));
  expect(await look('/q')).toEqual({ status: 200, body: { title: 'Pictured' } });
});

test('a redirect that may be followed is, and pictures are told from where it leads', async () => {
  pages['/old'] = (_, response) => response.writeHead(301, { location: `/${round}/deep/new` }).end();
  pages['/deep/new'] = html(titled('New', '<meta property="og:image" content="x.png">'));
  expect((await look('/old')).body).toEqual({ title: 'New' });
  expect(heard.map(({ url }) => url)).toEqual(['/old', '/deep/new', '/deep/x.png']);
});

test('of an endless page only the beginning is read', async () => {
  let sent = 0;
  pages['/endless'] = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).write(titled('Endless'));
    const pour = (): void => {
      while (!response.destroyed && response.write('<p>and on</p>'.repeat(2000))) sent += 26_000;
      if (!response.destroyed) response.once('drain', pour);
    };
    pour();
  };
  expect(await look('/endless')).toEqual({ status: 200, body: { title: 'Endless' } });
  expect(sent).toBeLessThan(20_000_000);
});

test('one who drips, one who is silent and one who breaks off are left', async () => {
  pages['/drip'] = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    const timer = setInterval(() => response.write('<'), 50);
    response.on('close', () => clearInterval(timer));
  };
  pages['/silent'] = () => undefined;
  pages['/broken'] = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': '9000' }).write('<title>x');
    setTimeout(() => response.destroy(), 20);
  };
  const [drip, silent, broken] = await Promise.all([look('/drip'), look('/silent'), look('/broken')]);
  expect([drip.body['error'], silent.body['error'], broken.body['error']]).toEqual([
    'too-slow',
    'too-slow',
    'unreachable',
  ]);
});

test('what is no page, packed, or says nothing of itself has no card', async () => {
  pages['/png'] = html(titled('I lie'), 'image/png');
  pages['/none'] = html('<p>Hello</p>');
  pages['/gzip'] = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end('x');
  expect(await look('/png')).toMatchObject({ status: 415 });
  expect(await look('/none')).toMatchObject({ status: 422, body: { error: 'nothing' } });
  expect(await look('/gzip')).toMatchObject({ status: 502 });
  expect(await look('/missing')).toMatchObject({ status: 502 });
});

test('titles come tame: no markup, no reversed words, no more than a card holds', async () => {
  pages['/t'] = html(titled(`&lt;b&gt;\u202eevil\u0007\n bank&#x202e; ${'x'.repeat(5000)}`));
  const { title } = (await look('/t')).body as { title: string };
  expect(title).toMatch(/^<b>evil bank x+…$/);
  expect(Array.from(title)).toHaveLength(150);
});

test('a picture that is none, or a bomb, leaves a card of words', async () => {
  const bomb = await sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: '#000' } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  pages['/bomb.png'] = (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(bomb);
  pages['/svg'] = html('<svg onload="alert(1)"/>', 'image/svg+xml');
  for (const name of ['bomb.png', 'svg']) {
    pages['/p'] = html(titled('Words', `<meta property="og:image" content="${name}">`));
    expect(await look('/p')).toEqual({ status: 200, body: { title: 'Words' } });
  }
});

test('only pages of this city ask, in so many words, at a person’s pace', async () => {
  pages['/a'] = html(titled('A'));
  const url = at('/a');
  for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }])
    expect(await ask({ url }, { 'content-type': 'application/json', ...headers })).toMatchObject({
      status: 403,
    });
  for (const body of [
    '',
    '{',
    '[]',
    '{"url":1}',
    '{"url":"x","picture":"yes"}',
    `{"url":"${'x'.repeat(9000)}"}`,
  ])
    expect(await ask(body)).toMatchObject({ status: 400 });
  expect((await fetch(`${city.url}/api/preview`, { headers: PAGE })).status).toBe(405);
  expect(heard).toEqual([]);
});

test('who asks without end waits', async () => {
  const other = await startTestCity({
    proxy: { loopbackPorts: ports },
    previewRate: { perSecond: 0.001, burst: 2 },
  });
  try {
    pages['/a'] = html(titled('A'));
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await ask({ url: at('/a') }, PAGE, other)).status);
    expect(statuses).toEqual([200, 200, 429]);
  } finally {
    await other.close();
  }
});
