import { beforeEach, expect, test } from 'vitest';
import { checkBodies, integrityOf } from './integrity.ts';

const ORIGIN = 'https://city.example';
const TRUE = 'the true script';
const POISON = 'window.__poisoned = true';
const PATH = '/_app/start.js';
const KEY = `${ORIGIN}${PATH}?__WB_REVISION__=1`;

/** One cache in memory. */
class FakeCache {
  readonly held = new Map<string, string>();
  match(request: Request): Promise<Response | undefined> {
    const body = this.held.get(request.url);
    return Promise.resolve(body === undefined ? undefined : new Response(body));
  }
  delete(request: Request): Promise<boolean> {
    return Promise.resolve(this.held.delete(request.url));
  }
  async put(request: Request, response: Response): Promise<void> {
    this.held.set(request.url, await response.text());
  }
}

let cache: FakeCache;
let asked: { url: string; integrity: string | undefined }[];
/** What the network answers; an error for none. */
let network: string | Error;

beforeEach(() => {
  cache = new FakeCache();
  asked = [];
  network = TRUE;
});

const check = async () =>
  checkBodies(
    { [PATH]: await integrityOf(new Response(TRUE)) },
    {
      caches: { open: () => Promise.resolve(cache as unknown as Cache) },
      fetch: (input, init) => {
        asked.push({ url: String(input), integrity: init?.integrity });
        return network instanceof Error ? Promise.reject(network) : Promise.resolve(new Response(network));
      },
    },
  );

const use = async (plugin: Awaited<ReturnType<typeof check>>, body: string, url = KEY) => {
  cache.held.set(url, body);
  const used = await plugin.cachedResponseWillBeUsed?.({
    cacheName: 'precache',
    request: new Request(url),
    cachedResponse: new Response(body),
    event: {} as ExtendableEvent,
  });
  return used ? used.text() : undefined;
};

const arrive = async (body: string, url: string, init: RequestInit = {}, answer: ResponseInit = {}) => {
  const plugin = await check();
  const request = new Request(url, init);
  const response = await plugin.fetchDidSucceed?.({
    request,
    response: new Response(body, answer),
    event: {} as ExtendableEvent,
  });
  return response?.text();
};

test('a body is named as the browsers’ own rule names it', async () => {
  // openssl dgst -sha384 -binary </dev/null | base64
  expect(await integrityOf(new Response(''))).toBe(
    'sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb',
  );
});

test('a true body is served, and looked at once in the worker’s life', async () => {
  const plugin = await check();
  expect(await use(plugin, TRUE)).toBe(TRUE);
  // Known now: whoever can write there while the worker lives is not stopped by this check, and it costs nothing.
  expect(await use(plugin, POISON)).toBe(POISON);
  expect(asked).toEqual([]);
});

test('what is served is untouched: the browser keeps its compiled form with it', async () => {
  const plugin = await check();
  cache.held.set(KEY, TRUE);
  const cachedResponse = new Response(TRUE);
  const used = await plugin.cachedResponseWillBeUsed?.({
    cacheName: 'precache',
    request: new Request(KEY),
    cachedResponse,
    event: {} as ExtendableEvent,
  });
  expect(used).toBe(cachedResponse);
  expect(cachedResponse.bodyUsed).toBe(false);
});

test('a poisoned body is thrown away, fetched anew with its integrity, and kept', async () => {
  const plugin = await check();
  expect(await use(plugin, POISON)).toBe(TRUE);
  expect(asked).toEqual([{ url: `${ORIGIN}${PATH}`, integrity: await integrityOf(new Response(TRUE)) }]);
  expect(cache.held.get(KEY)).toBe(TRUE);
});

test('where the true one cannot be had, nothing is served and nothing poisoned stays', async () => {
  for (const answer of [new TypeError('offline'), 'another wrong file']) {
    network = answer;
    expect(await use(await check(), POISON)).toBeUndefined();
    expect(cache.held.has(KEY)).toBe(false);
  }
});

test('a poisoned body is found again each time until it is replaced', async () => {
  network = new TypeError('offline');
  const plugin = await check();
  expect(await use(plugin, POISON)).toBeUndefined();
  network = TRUE;
  expect(await use(plugin, POISON)).toBe(TRUE);
});

test('files that nobody listed pass as they are', async () => {
  expect(await use(await check(), 'tile', `${ORIGIN}/other.png`)).toBe('tile');
});

test('what the network brings unchecked is compared; what carries integrity was compared by the browser', async () => {
  expect(await arrive(TRUE, `${ORIGIN}${PATH}`)).toBe(TRUE);
  await expect(arrive(POISON, `${ORIGIN}${PATH}`)).rejects.toThrow('not the file that belongs');
  expect(await arrive(POISON, `${ORIGIN}${PATH}`, { integrity: 'sha384-AAAA' })).toBe(POISON);
  expect(await arrive('gone', `${ORIGIN}${PATH}`, {}, { status: 404 })).toBe('gone');
  expect(await arrive('anything', `${ORIGIN}/other.js`)).toBe('anything');
});
