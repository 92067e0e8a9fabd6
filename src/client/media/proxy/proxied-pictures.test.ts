import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR } from '#shared/time.ts';
import { ProxiedPictures } from './proxied-pictures.ts';

const ORIGIN = 'https://city.example';
const HASH = 'ab'.repeat(32);

/** A city that signs; `refuse` says for which addresses it doesn't. */
const makeCity = ({
  refuse = () => false,
  silent = false,
}: { refuse?: (url: string) => boolean; silent?: boolean } = {}) => {
  const city = { now: 20 * DAY, silent, questions: [] as { url: string; width: number }[][] };
  const ask = (_: unknown, init?: RequestInit) => {
    const { items } = JSON.parse(String(init?.body)) as { items: { url: string; width: number }[] };
    city.questions.push(items);
    if (city.silent) return Promise.reject(new TypeError('no network'));
    const signed = items.map((item) =>
      refuse(item.url)
        ? item
        : {
            ...item,
            address: `/api/media?url=${encodeURIComponent(item.url)}&w=${item.width}&exp=${city.now + DAY}&sig=x`,
          },
    );
    return Promise.resolve(Response.json({ items: signed }));
  };
  const pictures = new ProxiedPictures({
    origin: ORIGIN,
    ask: ask as typeof fetch,
    clock: { now: () => city.now },
    gather: 1,
  });
  return { city, pictures };
};
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

test('the city’s own pictures stand where they are, small ones of its files', () => {
  const { pictures } = makeCity();
  expect(pictures.of(`${ORIGIN}/${HASH}.png`)).toBe(`${ORIGIN}/${HASH}.png?w=160`);
  expect(pictures.of(`${ORIGIN}/${HASH}`, 640)).toBe(`${ORIGIN}/${HASH}?w=640`);
  expect(pictures.of(`${ORIGIN}/icons/mark.png?x=1`)).toBe(`${ORIGIN}/icons/mark.png?x=1`);
});

test('others’ come through the city: one question for all that a frame asks for, and none for what is known', async () => {
  const { city, pictures } = makeCity();
  const urls = Array.from({ length: 30 }, (_, number) => `https://elsewhere.example/${number}.jpg`);
  for (const url of [...urls, ...urls]) expect(pictures.of(url)).toBeUndefined();
  await later();
  for (const url of urls) expect(pictures.of(url)).toMatch(/^\/api\/media\?url=https%3A%2F%2Felsewhere/);
  await later();
  expect(city.questions.map((items) => items.length)).toEqual([30]);
  // The same picture in another width is another address.
  expect(pictures.of(urls[0], 640)).toBeUndefined();
  await later();
  expect(pictures.of(urls[0], 640)).toContain('w=640');
});

test('five hundred at once are three questions', async () => {
  const { city, pictures } = makeCity();
  for (let number = 0; number < 500; number += 1) pictures.of(`https://elsewhere.example/${number}`);
  await later();
  expect(city.questions.map((items) => items.length)).toEqual([200, 200, 100]);
});

test('an address is asked for anew before it is over', async () => {
  const { city, pictures } = makeCity();
  pictures.of('https://a.example/a');
  await later();
  city.now += DAY - HOUR - 1;
  expect(pictures.of('https://a.example/a')).toBeDefined();
  city.now += 1;
  expect(pictures.of('https://a.example/a')).toBeUndefined();
  await later();
  expect(pictures.of('https://a.example/a')).toBeDefined();
  expect(city.questions).toHaveLength(2);
});

test('a silent city is asked again after a while, what it will not fetch after an hour', async () => {
  const { city, pictures } = makeCity({ refuse: (url) => url.includes('inside') });
  city.silent = true;
  pictures.of('https://a.example/a');
  pictures.of('https://inside.example/a');
  await later();
  city.silent = false;
  pictures.of('https://a.example/a');
  await later();
  expect(city.questions).toHaveLength(1);
  city.now += 31;
  for (const url of ['https://a.example/a', 'https://inside.example/a']) pictures.of(url);
  await later();
  expect([pictures.of('https://a.example/a') !== undefined, pictures.of('https://inside.example/a')]).toEqual(
    [true, undefined],
  );
  city.now += 1000;
  pictures.of('https://inside.example/a');
  await later();
  expect(city.questions).toHaveLength(2);
});

test('a city that answers nonsense leads nowhere', async () => {
  for (const address of [
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/\\elsewhere.example',
    7,
    null,
    'javascript:alert(1)',
  ]) {
    const ask = () => Promise.resolve(Response.json({ items: [{ address }] }));
    const pictures = new ProxiedPictures({ origin: ORIGIN, ask: ask as typeof fetch, gather: 1 });
    pictures.of('https://a.example/a');
    await later();
    expect(pictures.of('https://a.example/a')).toBeUndefined();
  }
});

test('whatever the picture is said to be, its address is a path of this city', async () => {
  const { pictures } = makeCity();
  const urls = fc.sample(
    fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.constantFrom('data:image/png;base64,AA', 'blob:x', `${ORIGIN}//elsewhere.example/x`),
    ),
    200,
  );
  for (const url of urls) pictures.of(url);
  await later();
  await later();
  for (const url of urls) expect(new URL(pictures.of(url) ?? '/', ORIGIN).origin).toBe(ORIGIN);
});
