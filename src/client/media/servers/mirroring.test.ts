import { expect, test } from 'vitest';
import { parseBlobAuth } from '#protocol/media/blossom.ts';
import type { Draft } from '#protocol/event.ts';
import { tagValues } from '#protocol/tags.ts';
import { ok } from '#shared/result.ts';
import { makePerson } from '../../../../tests/support/client.ts';
import { openMirroring } from './mirroring.ts';

const hash = 'c'.repeat(64);

const open = (answer: () => Response | Error) => {
  const asked: { path: string; body: Record<string, string> }[] = [];
  const person = makePerson();
  const mirroring = openMirroring({
    fetch: (url, init) => {
      asked.push({
        path: new URL(String(url)).pathname,
        body: JSON.parse(String(init?.body)) as Record<string, string>,
      });
      const said = answer();
      return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
    },
    sign: (draft: Draft) => Promise.resolve(ok(person.sign(draft))),
    city: 'https://city.example',
    now: () => 1_800_000_000,
  });
  return { mirroring, asked };
};

test('the city is asked, with a token for that server and this file alone', async () => {
  const { mirroring, asked } = open(() => new Response('{}'));
  expect((await mirroring.mirror(hash, 'https://files.example')).ok).toBe(true);
  const [{ path, body } = { path: '', body: {} as Record<string, string> }] = asked;
  expect([path, body['server'], body['hash']]).toEqual(['/api/media/mirror', 'https://files.example', hash]);
  const token = parseBlobAuth(body['token']);
  if (!token.ok) throw new Error('no token');
  expect(['t', 'x', 'server'].map((name) => tagValues(token.value, name))).toEqual([
    ['upload'],
    [hash],
    ['files.example'],
  ]);
});

test.each([
  ['files.example', 'https://files.example'],
  [' http://files.example:80/x ', 'http://files.example'],
])('%j is looked at as %s', async (address, server) => {
  const { mirroring, asked } = open(() => new Response('{}'));
  expect(await mirroring.check(address)).toEqual(ok(server));
  expect(asked).toEqual([{ path: '/api/media/servers', body: { server } }]);
});

test.each(['https://city.example/x', 'ftp://files.example', 'no address at all'])(
  '%j is not even asked for',
  async (address) => {
    const { mirroring, asked } = open(() => new Response('{}'));
    expect(await mirroring.check(address)).toMatchObject({ ok: false, error: { code: 'address' } });
    expect(asked).toEqual([]);
  },
);

test('a no comes back in its words, silence as silence', async () => {
  const no = new Response(JSON.stringify({ message: 'Pay for your shelf first' }), { status: 502 });
  const [told, bare, silent] = [
    open(() => no),
    open(() => new Response('', { status: 500 })),
    open(() => new Error()),
  ];
  expect(await told.mirroring.mirror(hash, 'https://files.example')).toMatchObject({
    error: { code: 'rejected', message: 'Pay for your shelf first' },
  });
  expect(await bare.mirroring.check('files.example')).toMatchObject({ error: { code: 'rejected' } });
  expect(await silent.mirroring.check('files.example')).toMatchObject({ error: { code: 'unreachable' } });
});
