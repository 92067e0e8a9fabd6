import { expect, test } from 'vitest';
import { ok } from '#shared/result.ts';
import { download } from './download.ts';
import type { DownloadOptions } from './download.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const whole = Uint8Array.from({ length: 1000 }, (_, at) => at % 251);

/** A server that cuts the connection after so many bytes, as often as told. */
const cuttingServer = (cuts: number[], { knowsRanges = true } = {}) => {
  const asked: (string | null)[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    const range = new Headers(init?.headers).get('range');
    asked.push(range);
    const from = range && knowsRanges ? Number(/\d+/.exec(range)?.[0]) : 0;
    const cut = cuts.shift();
    const rest = whole.slice(from);
    const body = new ReadableStream<Bytes>({
      start(controller) {
        const end = cut === undefined ? rest.length : Math.min(cut, rest.length);
        for (let at = 0; at < end; at += 97) controller.enqueue(rest.slice(at, Math.min(end, at + 97)));
        // Queued bytes are lost with an error: it comes after they were read.
        if (cut !== undefined) setTimeout(() => controller.error(new TypeError('cut')), 5);
        else controller.close();
      },
    });
    const headers: Record<string, string> =
      from > 0
        ? { 'content-range': `bytes ${from}-999/1000`, 'content-length': String(rest.length) }
        : { 'content-length': '1000' };
    return new Response(body, { status: from > 0 ? 206 : 200, headers });
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
};

const run = async (fetch: typeof globalThis.fetch, options: Partial<DownloadOptions> = {}) => {
  const got: number[] = [];
  const take = (bytes: Bytes) => (got.push(...bytes), ok(undefined));
  const done = await download(
    'https://city.test/file',
    { max: 5000, take, ...options },
    { fetch, wait: () => Promise.resolve() },
  );
  return { done, got };
};
const answer = (status: number, headers: Record<string, string> = {}) =>
  (async () => new Response(null, { status, headers })) as typeof globalThis.fetch;

test('bytes come whole and in order, and nothing is kept by the browser', async () => {
  let seen: RequestInit | undefined;
  const server = cuttingServer([]);
  const { done, got } = await run(((url: URL, init: RequestInit) => {
    seen = init;
    return server.fetch(url, init);
  }) as typeof globalThis.fetch);
  expect(done.ok).toBe(true);
  expect(got).toEqual([...whole]);
  expect(seen).toMatchObject({ cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' });
});

test('after cuts only what is missing is asked for', async () => {
  const server = cuttingServer([300, 300, 200]);
  const { done, got } = await run(server.fetch);
  expect(done.ok).toBe(true);
  expect(got).toEqual([...whole]);
  expect(server.asked).toEqual([null, 'bytes=300-', 'bytes=600-', 'bytes=800-']);
});

test('a server that knows no ranges begins anew, and no byte is taken twice', async () => {
  const { done, got } = await run(cuttingServer([400], { knowsRanges: false }).fetch);
  expect(done.ok).toBe(true);
  expect(got).toEqual([...whole]);
});

test('it goes on from where it once stopped', async () => {
  const { got } = await run(cuttingServer([]).fetch, { from: 990 });
  expect(got).toEqual([...whole.slice(990)]);
});

test.each([
  [410, 'expired'],
  [404, 'missing'],
  [403, 'refused'],
  [503, 'unreachable'],
])('%i means %s, in the server’s own words', async (status, code) => {
  const { done } = await run(answer(status, { 'x-reason': 'because' }));
  expect(done).toMatchObject({ ok: false, error: { code, message: 'because' } });
});

test('more than was allowed is not taken, told or untold', async () => {
  expect((await run(cuttingServer([]).fetch, { max: 999 })).done).toMatchObject({
    error: { code: 'too-big' },
  });
  const untold = (async () => new Response(whole)) as typeof globalThis.fetch;
  const { done, got } = await run(untold, { max: 500 });
  expect(done).toMatchObject({ error: { code: 'too-big' } });
  expect(got.length).toBeLessThanOrEqual(500);
});

test('silence without a byte is not tried for ever', async () => {
  let tries = 0;
  const dead = (async () => {
    tries++;
    throw new TypeError('no network');
  }) as typeof globalThis.fetch;
  expect((await run(dead)).done).toMatchObject({ error: { code: 'unreachable' } });
  expect(tries).toBeLessThanOrEqual(3);
});

test('the person stops it', async () => {
  const stop = new AbortController();
  stop.abort();
  expect((await run(cuttingServer([]).fetch, { signal: stop.signal })).done).toMatchObject({
    error: { code: 'stopped' },
  });
});

test('only the part that was asked for is taken, over cuts too', async () => {
  const server = cuttingServer([100]);
  const { done, got } = await run(server.fetch, { from: 200, until: 400 });
  expect(done.ok).toBe(true);
  expect(got).toEqual([...whole.slice(200, 400)]);
  expect(server.asked).toEqual(['bytes=200-399', 'bytes=300-399']);
});

test('another length than was promised is another file, and nothing of it is taken', async () => {
  const { done, got } = await run(cuttingServer([]).fetch, { whole: 999 });
  expect([done, got]).toMatchObject([{ error: { code: 'damaged' } }, []]);
  expect((await run(answer(416))).done).toMatchObject({ error: { code: 'damaged' } });
});
