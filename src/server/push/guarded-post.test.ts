import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { GuardedPost } from './guarded-post.ts';
import type { GuardOptions } from './guarded-post.ts';

const body = new TextEncoder().encode('sealed');
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const listen = (answer: RequestListener): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer(answer);
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/send`),
    );
  });

const poster = (options: Partial<GuardOptions> = {}): GuardedPost => {
  const post = new GuardedPost({ local: true, ...options });
  closers.push(() => post.close());
  return post;
};

const codeOf = async (post: GuardedPost, endpoint: string): Promise<string> => {
  const answer = await post.post(endpoint, {}, body);
  return answer.ok ? String(answer.value.status) : answer.error.code;
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

test('a POST with its headers and body; the answer is its status and when to come back', async () => {
  const heard: unknown[] = [];
  const endpoint = await listen((request, response) => {
    void textOf(request).then((text) => {
      heard.push([request.method, request.url, request.headers['ttl'], text]);
      response.writeHead(429, { 'retry-after': '7' }).end('later');
    });
  });
  const answer = await poster().post(endpoint, { TTL: 5 }, body);
  expect(answer).toEqual({ ok: true, value: { status: 429, retryAfter: '7' } });
  expect(heard).toEqual([['POST', '/send', '5', 'sealed']]);
});

test('a way elsewhere is an answer, not a way', async () => {
  let elsewhere = 0;
  const target = await listen((_, response) => {
    elsewhere += 1;
    response.end();
  });
  for (const status of [301, 302, 307, 308]) {
    const endpoint = await listen((_, response) => response.writeHead(status, { location: target }).end());
    expect(await codeOf(poster(), endpoint)).toBe(String(status));
  }
  expect(elsewhere).toBe(0);
});

test('without leave for this machine, nothing on it is even connected to', async () => {
  let knocks = 0;
  const endpoint = await listen((_, response) => {
    knocks += 1;
    response.end();
  });
  const port = new URL(endpoint).port;
  const resolve = () => Promise.resolve(['127.0.0.1']);
  const strict = poster({ local: false, resolve });
  for (const address of [endpoint, `https://127.0.0.1/x`, 'https://[::1]/x', 'https://name.example/x'])
    expect(await codeOf(strict, address)).toBe('forbidden');
  expect(await codeOf(strict, `https://name.example:${port}/x`)).toBe('forbidden');
  expect(knocks).toBe(0);
});

test('a name is looked up for the connection itself; one bad address among its addresses is enough', async () => {
  const asked: string[] = [];
  const answers = [['8.8.8.8'], ['10.0.0.1'], ['93.184.216.34', '192.168.0.1']];
  const resolve = (host: string) => {
    asked.push(host);
    return Promise.resolve(answers.shift() ?? []);
  };
  const strict = poster({ local: false, resolve });
  expect(await strict.check('https://turning.example/x')).toEqual({ ok: true, value: true });
  expect(await codeOf(strict, 'https://turning.example/x')).toBe('forbidden');
  expect(await codeOf(strict, 'https://turning.example/x')).toBe('forbidden');
  expect(asked).toEqual(['turning.example', 'turning.example', 'turning.example']);
});

test('no name, no connection, no answer: unreachable, in time', async () => {
  const silent = await listen(() => undefined);
  const nameless = poster({ local: false, resolve: () => Promise.resolve([]) });
  const broken = poster({ local: false, resolve: () => Promise.reject(new Error('no name servers')) });
  for (const post of [nameless, broken]) {
    expect(await codeOf(post, 'https://nowhere.example/x')).toBe('unreachable');
    expect(await post.check('https://nowhere.example/x')).toMatchObject({
      ok: false,
      error: { code: 'unreachable' },
    });
  }
  const began = Date.now();
  expect(await codeOf(poster({ timeoutMs: 200 }), silent)).toBe('unreachable');
  expect(Date.now() - began).toBeLessThan(5000);
  expect(await codeOf(poster(), 'http://127.0.0.1:1/x')).toBe('unreachable');
});

test('an endless answer is cut, and breaks nothing', async () => {
  let cut = false;
  const endpoint = await listen((_, response) => {
    response.writeHead(201);
    const more = setInterval(() => response.write('x'.repeat(8192)), 1);
    response.on('close', () => {
      clearInterval(more);
      cut = true;
    });
  });
  expect(await codeOf(poster(), endpoint)).toBe('201');
  await expect.poll(() => cut).toBe(true);
});

test('what is no endpoint is never sent to', async () => {
  for (const endpoint of ['', 'x', 'file:///etc/passwd', 'http://10.0.0.1/', 'https://u:p@push.example/'])
    expect(await codeOf(poster(), endpoint)).toBe('forbidden');
});
