import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askPreview } from './ask-preview.ts';

const signal = new AbortController().signal;
const answering =
  (value: unknown, status = 200): typeof fetch =>
  () =>
    Promise.resolve(new Response(JSON.stringify(value), { status }));
const look = (value: unknown, status?: number) =>
  askPreview(answering(value, status))('https://a.example', { picture: true, signal });

test('the city is told the address and nothing else', async () => {
  const asked: unknown[] = [];
  const ask: typeof fetch = (input, init) => {
    asked.push([input, init?.method, init?.body]);
    return Promise.resolve(new Response('{"title":"T"}'));
  };
  await askPreview(ask)('https://a.example', { picture: false, signal });
  expect(asked).toEqual([['/api/preview', 'POST', '{"url":"https://a.example","picture":false}']]);
});

test('a page has its words, and a picture as a file', async () => {
  const picture = { type: 'image/webp', width: 480, height: 252, blurhash: 'LEHV', bytes: btoa('abc') };
  const seen = await look({ title: 'T\u202e', description: '', site: 3, picture });
  expect(seen).toMatchObject({
    ok: true,
    value: { url: 'https://a.example', title: 'T', picture: { width: 480, type: 'image/webp' } },
  });
  expect(seen.ok && (await seen.value.picture?.body.text())).toBe('abc');
  for (const odd of [{ type: 'image/svg+xml' }, { width: 9000 }, { height: 0 }, { bytes: '%' }, { bytes: 4 }])
    expect(await look({ title: 'T', picture: { ...picture, ...odd } })).toEqual({
      ok: true,
      value: { url: 'https://a.example', title: 'T' },
    });
});

test('nothing to show is not the same as a city that is busy or away', async () => {
  const code = async (value: unknown, status?: number) => {
    const seen = await look(value, status);
    return seen.ok ? 'ok' : seen.error.code;
  };
  expect(await code({}, 422)).toBe('nothing');
  expect(await code({ title: ' ' })).toBe('nothing');
  expect(await code({}, 429)).toBe('unreachable');
  expect(await code({}, 502)).toBe('unreachable');
  const away = askPreview(() => Promise.reject(new TypeError('away')));
  expect(await away('https://a.example', { picture: true, signal })).toMatchObject({
    error: { code: 'unreachable' },
  });
});

test('whatever answers, it is read or passed over', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const seen = await look(value);
      expect(!seen.ok || seen.value.title.length > 0).toBe(true);
    }),
  );
});
