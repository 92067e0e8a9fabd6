import { expect, test } from 'vitest';
import { ok, fail } from '#shared/result.ts';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { NameDesk } from './name-desk.ts';

const key = 'ab'.repeat(32);

const deskWith = (answer: () => Response | Promise<Response>, signs = true) => {
  const asked: string[] = [];
  const desk = new NameDesk({
    origin: 'https://city.test',
    fetch: (path, init) => {
      asked.push(`${init?.method ?? 'GET'} ${String(path)}`);
      return Promise.resolve(answer());
    },
    sign: (draft) =>
      Promise.resolve(signs ? ok(fakeEvent({ ...draft, kind: draft.kind })) : fail('no-account', 'nobody')),
  });
  return { desk, asked };
};
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

test('only the city is asked whose an address is, and only for what is one', async () => {
  const { desk, asked } = deskWith(() => json({ pubkey: key, relays: ['wss://a.example'] }));
  expect(await desk.ownerOf(' Bob@Far.Example')).toEqual(ok({ pubkey: key, relays: ['wss://a.example'] }));
  expect(await desk.ownerOf('nonsense')).toMatchObject({ error: { code: 'malformed' } });
  expect(asked).toEqual(['GET /api/names/check?address=bob%40far.example']);
});

test('nobody, no answer, and no time are told apart', async () => {
  expect(await deskWith(() => json({ pubkey: null })).desk.ownerOf('a@b.example')).toEqual(ok(undefined));
  expect(await deskWith(() => json({ code: 'unreachable' }, 502)).desk.ownerOf('a@b.example')).toMatchObject({
    error: { code: 'unreachable' },
  });
  expect(await deskWith(() => json({}, 429)).desk.ownerOf('a@b.example')).toMatchObject({
    error: { code: 'busy' },
  });
  expect(
    await deskWith(() => {
      throw new TypeError('offline');
    }).desk.ownerOf('a@b.example'),
  ).toMatchObject({ error: { code: 'unreachable' } });
  expect(await deskWith(() => json({ pubkey: 'me' })).desk.ownerOf('a@b.example')).toMatchObject({
    error: { code: 'unreachable' },
  });
});

test('whether a name of this city is free is asked by its door for everybody', async () => {
  const { desk, asked } = deskWith(() => json({ names: { bob: key } }));
  expect(await desk.holderOf('bob')).toEqual(ok(key));
  expect(await desk.holderOf('anna')).toEqual(ok(undefined));
  expect(asked[0]).toBe('GET /.well-known/nostr.json?name=bob');
  expect(await deskWith(() => json({}, 429)).desk.holderOf('bob')).toMatchObject({ error: { code: 'busy' } });
});

test('a name is taken, told and given back, signed; refusals keep their code', async () => {
  const own = { name: 'bob', address: 'bob@city.test' };
  expect(await deskWith(() => json(own)).desk.claim('bob')).toEqual(ok(own));
  expect(await deskWith(() => json(own)).desk.own()).toEqual(ok(own));
  expect(await deskWith(() => json({ name: null })).desk.own()).toEqual(ok(undefined));
  expect(await deskWith(() => new Response(null, { status: 204 })).desk.free('bob')).toEqual(ok(undefined));
  const refused = deskWith(() => json({ code: 'taken', message: 'somebody has this name' }, 409));
  expect(await refused.desk.claim('bob')).toMatchObject({ error: { code: 'taken' } });
  expect(await deskWith(() => json({ code: 'odd' }, 418)).desk.claim('bob')).toMatchObject({
    error: { code: 'unreachable' },
  });
  const mute = deskWith(() => json(own), false);
  expect(await mute.desk.claim('bob')).toMatchObject({ error: { code: 'no-account' } });
  expect(mute.asked).toEqual([]);
});
