import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeDataKey, openSealer, SEAL_BYTES } from './sealer.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const key = makeDataKey();
const open = (profile = 'default', dataKey = key) => openSealer(dataKey, { profile });
const place = { table: 'log', key: 7 };

test('what was sealed opens at its place', async () => {
  const sealer = await open();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const plain = Uint8Array.from(bytes);
      const sealed = await (await open()).seal(place, plain);
      expect(sealed.length).toBe(plain.length + SEAL_BYTES);
      expect(await sealer.open(place, sealed)).toEqual({ ok: true, value: plain });
    }),
    { numRuns: 30 },
  );
});

test('not at another place, in another profile, or under another key', async () => {
  const sealer = await open();
  const sealed = await sealer.seal(place, bytesOf('where I am'));
  const tries = [
    sealer.open({ ...place, key: 8 }, sealed),
    sealer.open({ ...place, key: '7' }, sealed),
    sealer.open({ ...place, table: 'pages' }, sealed),
    (await open('other')).open(place, sealed),
    (await open('default', makeDataKey())).open(place, sealed),
  ];
  for (const opened of await Promise.all(tries)) expect(opened).toMatchObject({ error: { code: 'damaged' } });
});

test('a single changed bit anywhere, or a missing end, is damage', async () => {
  const sealer = await open();
  const sealed = await sealer.seal(place, bytesOf('a line'));
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect((await sealer.open(place, changed)).ok).toBe(false);
    expect((await sealer.open(place, sealed.slice(0, at))).ok).toBe(false);
  }
});

test('the same bytes never look the same twice, and nothing of them shows', async () => {
  const sealer = await open();
  const plain = bytesOf('canary canary canary canary');
  const [one, other] = await Promise.all([sealer.seal(place, plain), sealer.seal(place, plain)]);
  expect(one).not.toEqual(other);
  expect(Buffer.from(one ?? []).toString('latin1')).not.toContain('canary');
});

test('words are the key’s own and differ by purpose', async () => {
  const sealer = await open();
  expect(await sealer.words('index', 2)).toEqual(await (await open()).words('index', 2));
  expect(await sealer.words('index', 2)).not.toEqual(await sealer.words('other', 2));
  expect(await sealer.words('index', 2)).not.toEqual(
    await (await open('default', makeDataKey())).words('index', 2),
  );
});
