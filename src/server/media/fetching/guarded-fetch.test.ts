import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { GuardedFetch } from './guarded-fetch.ts';
import type { FetchOptions, FetchRules } from './guarded-fetch.ts';
import { readWhole } from './paced-body.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server of this machine that a test lets through. */
const listen = async (listener: RequestListener): Promise<{ port: number; address: string }> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, address: `http://127.0.0.1:${port}/a.png` };
};

const QUICK: FetchOptions = { limit: 1000, withinMs: 5000 };

/** What came of asking: the bytes' length, or why not. */
const outcome = async (
  address: string,
  rules: FetchRules,
  options: Partial<FetchOptions> = {},
): Promise<number | string> => {
  const fetched = await new GuardedFetch(rules).get(address, { ...QUICK, ...options });
  if (!fetched.ok) return fetched.error.code;
  const whole = await readWhole(fetched.value.body);
  return whole.ok ? whole.value.length : whole.error.code;
};

const FORBIDDEN: readonly string[] = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.8.9.10',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.1',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
];

test.each(FORBIDDEN)('%s is never connected to, by number or by name', async (address) => {
  const literal = address.includes(':') ? `[${address}]` : address;
  const asked: string[] = [];
  const resolve = (host: string) => {
    asked.push(host);
    return Promise.resolve([address]);
  };
  expect(await outcome(`http://${literal}/a.png`, { resolve })).toBe('forbidden');
  expect(await outcome(`https://${literal}/a.png`, { resolve })).toBe('forbidden');
  expect(asked).toEqual([]);
  expect(await outcome('http://inside.example/a.png', { resolve })).toBe('forbidden');
  expect(asked).toEqual(['inside.example']);
});

test.each([
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://017700000001/',
  'http://127.1/',
  'http://127.0.1/',
  'http://127.0.0.1./',
  'http://0/',
  'http://3232235521/',
  'http://0xa9fea9fe/',
  'http://[::ffff:7f00:1]/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]/',
  'http://[0000:0000::0001]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://①②⑦.0.0.1/',
  'http://127。0。0。1/',
  'http://localhost/',
  'http://LOCALHOST/',
  'http://%31%32%37.0.0.1/',
])('%s is this machine or its neighbours, however it is written', async (address) =>
  expect(await outcome(address, {})).toBe('forbidden'),
);

test('one forbidden address among a name’s addresses is enough', async () => {
  const resolve = () => Promise.resolve(['93.184.216.34', '192.168.0.1']);
  expect(await outcome('https://both.example/', { resolve })).toBe('forbidden');
});

test('a name that changes its mind gains nothing: what was checked is what is connected to', async () => {
  let knocks = 0;
  const { port } = await listen((_, response) => {
    knocks += 1;
    response.end('x');
  });
  const answers = [['127.0.0.1'], ['10.0.0.1']];
  let asked = 0;
  const resolve = () => Promise.resolve(answers[asked++] ?? []);
  const rules = { resolve, loopbackPorts: new Set([port]) };
  expect(await outcome(`http://turning.example:${port}/`, rules)).toBe(1);
  expect([asked, knocks]).toEqual([1, 1]);
  expect(await outcome(`http://turning.example:${port}/`, rules)).toBe('forbidden');
  expect([asked, knocks]).toEqual([2, 1]);
});

test('a way to a forbidden place is not taken, whatever kind of way', async () => {
  let knocks = 0;
  const inside = await listen((_, response) => {
    knocks += 1;
    response.end('secret');
  });
  const places = [
    inside.address,
    `http://localhost:${inside.port}/`,
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'http://me:secret@127.0.0.1/',
    'http://2130706433/',
    'gopher://127.0.0.1/',
  ];
  for (const status of [301, 302, 303, 307, 308])
    for (const location of places) {
      const door = await listen((_, response) => response.writeHead(status, { location }).end());
      expect(await outcome(door.address, { loopbackPorts: new Set([door.port]) })).toBe('forbidden');
    }
  expect(knocks).toBe(0);
});

test('three ways elsewhere are followed, a fourth is not; nowhere is refused', async () => {
  const { port, address } = await listen((request, response) => {
    const left = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('left'));
    if (left > 0) response.writeHead(302, { location: `/next?left=${left - 1}` }).end();
    else response.end('arrived');
  });
  const rules = { loopbackPorts: new Set([port]) };
  expect(await outcome(`${address}?left=3`, rules)).toBe(7);
  expect(await outcome(`${address}?left=4`, rules)).toBe('refused');
  const nowhere = await listen((_, response) => response.writeHead(302).end());
  expect(await outcome(nowhere.address, { loopbackPorts: new Set([nowhere.port]) })).toBe('refused');
});

test('nothing of the asker goes along', async () => {
  const heard: IncomingMessage['headers'][] = [];
  const { port, address } = await listen((request, response) => {
    heard.push(request.headers);
    if (request.url === '/a.png') response.writeHead(302, { location: '/b.png', 'set-cookie': 'a=b' }).end();
    else response.end('x');
  });
  expect(
    await outcome(address, { loopbackPorts: new Set([port]) }, { accept: 'image/*', range: 'bytes=0-9' }),
  ).toBe(1);
  expect(heard).toHaveLength(2);
  for (const headers of heard)
    expect(Object.keys(headers).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'range',
      'user-agent',
    ]);
});

test('too many bytes are refused where they are told, and cut where they are not', async () => {
  let sent = 0;
  const told = await listen((_, response) =>
    response.writeHead(200, { 'content-length': 1001 }).end('x'.repeat(1001)),
  );
  const endless = await listen((_, response) => {
    const more = setInterval(() => (sent += 400) && response.write('x'.repeat(400)), 1);
    response.on('close', () => clearInterval(more));
  });
  expect(await outcome(told.address, { loopbackPorts: new Set([told.port]) })).toBe('too-large');
  expect(await outcome(endless.address, { loopbackPorts: new Set([endless.port]) })).toBe('too-large');
  expect(sent).toBeLessThan(1_000_000);
});

test('a packed answer is refused: what it would unpack to is nobody’s guess', async () => {
  const bomb = gzipSync(Buffer.alloc(100_000));
  for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, identity']) {
    const { port, address } = await listen((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb),
    );
    expect(await outcome(address, { loopbackPorts: new Set([port]) })).toBe('refused');
  }
});

test('who drips is cut long before the end of patience; who pauses is not', async () => {
  const pace = { leastPerSecond: 200, graceMs: 400 };
  const drip = await listen((_, response) => {
    const more = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(more));
  });
  const pausing = await listen((_, response) => {
    response.write('x'.repeat(400));
    setTimeout(() => response.end('x'.repeat(400)), 350);
  });
  const began = Date.now();
  expect(
    await outcome(drip.address, { pace, loopbackPorts: new Set([drip.port]) }, { withinMs: 60_000 }),
  ).toBe('too-slow');
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await outcome(pausing.address, { pace, loopbackPorts: new Set([pausing.port]) })).toBe(800);
});

test('silence before the answer and within it ends in time', async () => {
  const silent = await listen(() => undefined);
  const half = await listen((_, response) => response.writeHead(200, { 'content-length': 10 }).write('x'));
  const rules = (port: number) => ({ loopbackPorts: new Set([port]), answerWithinMs: 200 });
  expect(await outcome(silent.address, rules(silent.port))).toBe('too-slow');
  expect(await outcome(half.address, rules(half.port), { withinMs: 300 })).toBe('too-slow');
  const gone = new AbortController();
  setTimeout(() => gone.abort(), 50);
  expect(
    await outcome(silent.address, { loopbackPorts: new Set([silent.port]) }, { signal: gone.signal }),
  ).toBe('too-slow');
});

test('what is broken off is not whole', async () => {
  const broken = await listen((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('x'.repeat(50));
    setTimeout(() => response.destroy(), 30);
  });
  const chunked = await listen((_, response) => {
    response.write('x'.repeat(50));
    setTimeout(() => response.destroy(), 30);
  });
  for (const { port, address } of [broken, chunked])
    expect(await outcome(address, { loopbackPorts: new Set([port]) })).toBe('unreachable');
});

test('no name, no connection, no page', async () => {
  expect(await outcome('http://nowhere.example/', { resolve: () => Promise.resolve([]) })).toBe(
    'unreachable',
  );
  expect(await outcome('http://nowhere.example/', { resolve: () => Promise.reject(new Error('away')) })).toBe(
    'unreachable',
  );
  expect(await outcome('http://127.0.0.1:1/', { loopbackPorts: new Set([1]) })).toBe('unreachable');
  for (const status of [204, 206, 304, 400, 401, 404, 500]) {
    const { port, address } = await listen((_, response) => response.writeHead(status).end());
    expect(await outcome(address, { loopbackPorts: new Set([port]) })).toBe('refused');
  }
});

test('a part is a part', async () => {
  const { port, address } = await listen((request, response) => {
    expect(request.headers.range).toBe('bytes=2-4');
    response
      .writeHead(206, { 'content-range': 'bytes 2-4/9', 'content-type': 'video/mp4', 'content-length': 3 })
      .end('cde');
  });
  const fetched = await new GuardedFetch({ loopbackPorts: new Set([port]) }).get(address, {
    ...QUICK,
    range: 'bytes=2-4',
  });
  expect(fetched).toMatchObject({
    ok: true,
    value: { status: 206, type: 'video/mp4', length: 3, contentRange: 'bytes 2-4/9' },
  });
  if (fetched.ok) fetched.value.cancel();
});
