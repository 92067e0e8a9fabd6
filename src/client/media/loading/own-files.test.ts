import { expect, test } from 'vitest';
import { PIECE_BYTES } from '../outgoing/records.ts';
import type { Manifest } from '../outgoing/records.ts';
import { ownFiles } from './own-files.ts';

const hash = 'ab'.repeat(32);
const manifest = (more: Partial<Manifest>): Manifest => ({
  v: 1,
  id: '0'.repeat(32),
  stage: 'ready',
  hash,
  name: 'ferry.webp',
  type: 'image/webp',
  size: PIECE_BYTES + 3,
  isSealed: false,
  server: 'https://city.test',
  signedUntil: 0,
  at: 0,
  ...more,
});
const having = (one: Manifest, pieces: readonly (number | undefined)[]) =>
  ownFiles({
    list: async () => [{ manifest: one, progress: { state: 'waiting', sent: 0 } }],
    piece: async (_manifest, number) => {
      const length = pieces[number];
      return length === undefined ? undefined : new Uint8Array(length).fill(number + 1);
    },
  });

test('an own file is put together from its pieces', async () => {
  const found = await having(manifest({}), [PIECE_BYTES, 3])(hash);
  expect([found?.length, found?.[0], found?.at(-1)]).toEqual([PIECE_BYTES + 3, 1, 2]);
});

test('what is not wholly here, sealed for others, or something else is not shown from here', async () => {
  expect(await having(manifest({}), [PIECE_BYTES])(hash)).toBeUndefined();
  expect(await having(manifest({}), [PIECE_BYTES, 1])(hash)).toBeUndefined();
  expect(await having(manifest({ isSealed: true }), [PIECE_BYTES, 3])(hash)).toBeUndefined();
  expect(await having(manifest({}), [PIECE_BYTES, 3])('cd'.repeat(32))).toBeUndefined();
});
