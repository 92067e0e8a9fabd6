import { expect, test } from 'vitest';
import { proxiedByCity } from './proxied.ts';

const answering = (answer: unknown, ok = true) =>
  proxiedByCity((() => Promise.resolve(Response.json(answer, { status: ok ? 200 : 429 }))) as typeof fetch);
const wish = [{ url: 'https://a.example/a' }] as const;

test('the city’s paths are taken in the order of what was asked', async () => {
  const proxied = answering({ items: [{ address: '/api/media?url=a' }, {}, { address: '/b' }] });
  expect(await proxied([...wish, ...wish, ...wish])).toEqual(['/api/media?url=a', undefined, '/b']);
});

test.each(['//else.example/', '/\\else.example', 'https://else.example/', 7, null])(
  'an answer that leads elsewhere leads nowhere: %s',
  async (address) => expect(await answering({ items: [{ address }] })(wish)).toEqual([undefined]),
);

test('a city that is silent, hasty or talks nonsense signs nothing', async () => {
  const silent = proxiedByCity((() => Promise.reject(new TypeError('no network'))) as typeof fetch);
  for (const proxied of [silent, answering({}, false), answering([]), answering({ items: 3 })])
    expect(await proxied(wish)).toEqual([undefined]);
});
