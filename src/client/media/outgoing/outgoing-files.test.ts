import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepFile, noise, openMemoryOutgoing, sha256 } from '../../../../tests/support/outgoing.ts';
import { AwaitedFiles } from './awaited-files.ts';
import { makeUploadId } from './outgoing-files.ts';
import { FRESH, parseManifest, parseProgress, PIECE_BYTES } from './records.ts';

const server = 'https://city.test';

test('a file comes back as it was kept, piece by piece, by another tab too', async () => {
  const home = await openMemoryOutgoing();
  const bytes = noise(PIECE_BYTES + 5);
  const manifest = await keepFile(home.files, bytes, { server });
  const other = home.again();
  expect(await other.list()).toEqual([{ manifest, progress: FRESH }]);
  const hashOf = async (number: number) => sha256((await other.piece(manifest, number)) ?? noise(1));
  expect(await hashOf(0)).toBe(sha256(bytes.slice(0, PIECE_BYTES)));
  expect(await hashOf(1)).toBe(sha256(bytes.slice(PIECE_BYTES)));
  expect(await other.piece(manifest, 2)).toBeUndefined();
});

test('nothing of an open file lies readable, no name of a file tells what it is', async () => {
  const home = await openMemoryOutgoing();
  const secret = new TextEncoder().encode('a secret that nobody shall find '.repeat(20));
  const { hash = '' } = await keepFile(home.files, secret, { server, name: 'holiday.jpg' });
  for (const [name, bytes] of home.disk.files) {
    const text = name + new TextDecoder('latin1').decode(bytes);
    for (const word of ['secret', 'holiday', 'city.test', hash]) expect(text).not.toContain(word);
  }
});

test('a sealed file lies as it is sent, and a piece of another one is not taken for it', async () => {
  const { files, disk } = await openMemoryOutgoing();
  const bytes = noise(900);
  const manifest = await keepFile(files, bytes, { server, isSealed: true });
  expect(disk.files.get(`${manifest.id} 0`)).toEqual(bytes);
  const open = await keepFile(files, noise(900, 2), { server });
  const other = await keepFile(files, noise(900, 3), { server });
  disk.files.set(`${open.id} 0`, disk.files.get(`${other.id} 0`) ?? noise(1));
  expect(await files.piece(open, 0)).toBeUndefined();
});

test('changes of several tabs come one after the other', async () => {
  const { files, again } = await openMemoryOutgoing();
  const { id } = await keepFile(files, noise(10), { server });
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      (n % 2 ? files : again()).change(id, (progress) => ({ ...progress, sent: progress.sent + 1 })),
    ),
  );
  expect((await files.get(id))?.progress.sent).toBe(20);
  expect(await files.change(makeUploadId(), (progress) => progress)).toBeUndefined();
});

test('a full disk is told and leaves nothing', async () => {
  const home = await openMemoryOutgoing();
  home.disk.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(keepFile(home.files, noise(50), { server })).rejects.toThrow('full');
  expect(home.disk.files.size).toBe(0);
});

test('what a crash left is swept, what is still being made is not', async () => {
  const { files, disk } = await openMemoryOutgoing();
  const broken = await keepFile(files, noise(10), { server, stage: 'keeping' });
  const making = await keepFile(files, noise(10, 2), { server, stage: 'keeping' });
  const whole = await keepFile(files, noise(10, 3), { server });
  const old = await keepFile(files, noise(10, 4), { server, at: 0 });
  await files.change(old.id, () => ({ state: 'cancelled', sent: 0 }));
  await files.putPiece({ id: makeUploadId(), isSealed: true }, 0, noise(9));
  expect(await files.sweep(async (id) => id === making.id, Date.now())).toEqual([broken.id]);
  const ids = new Set([...disk.files.keys()].map((name) => name.slice(0, 32)));
  expect(ids).toEqual(new Set([broken.id, making.id, whole.id]));
});

test('lines are told how all their files stand together', async () => {
  const { files, hear } = await openMemoryOutgoing();
  const awaited = new AwaitedFiles({ files, hear });
  const one = await keepFile(files, noise(10), { server });
  const two = await keepFile(files, noise(10, 2), { server });
  const hashes = [one.hash ?? '', two.hash ?? ''];
  expect(await awaited.stateOf(hashes)).toEqual({ state: 'waiting' });
  await files.change(one.id, () => ({ state: 'failed', sent: 0, reason: 'no' }));
  expect(await awaited.stateOf(hashes)).toEqual({ state: 'failed', reason: 'no' });
  await awaited.again(hashes);
  expect(await awaited.stateOf(hashes)).toEqual({ state: 'waiting' });
  await files.remove(one.id);
  expect(await awaited.stateOf(hashes)).toEqual({ state: 'waiting' });
  await files.change(two.id, () => ({ state: 'cancelled', sent: 0 }));
  expect(await awaited.stateOf(hashes)).toMatchObject({ state: 'failed' });
  await files.remove(two.id);
  expect(await awaited.stateOf(hashes)).toEqual({ state: 'stored' });
});

test('anything on the disk is a manifest, progress, or neither; never a crash', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      parseManifest(value);
      expect(parseProgress(value).sent).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(parseManifest({ v: 2 })).toBeUndefined();
  expect(parseProgress({ state: 'nonsense', sent: 4 })).toEqual(FRESH);
});
