import { expect, test, vi } from 'vitest';
import type { BackupOffer, Job, StoreHealth, Upkeep } from '#client/engine/upkeep/upkeep.ts';
import { fail, ok } from '#shared/result.ts';
import { StorageDesk } from './storage-desk.svelte.ts';

const report = { profile: 'aa', madeAt: 9, events: 5, lost: [], lostOwn: [], isSealed: true, isWhole: true };
const offer: BackupOffer = { report, kinship: 'same' };
const taken = { appended: 5, duplicates: 0, forged: 0, report };

const makeDesk = (parts: Partial<Upkeep> = {}) => {
  let health: StoreHealth = { events: 3, losses: [], eviction: { events: 7, at: 1 } };
  const upkeep: Upkeep = {
    exportBackup: async () => ok(new Blob(['sealed'])),
    checkBackup: async (_file, passphrase) => (passphrase === 'right' ? ok(offer) : fail('wrong', 'no')),
    importBackup: async () => ok(taken),
    rebuild: async () => true,
    usage: async () => ({ log: 1, rows: 2, words: 3, other: 4, blobs: 5 }),
    health: async () => health,
    dismissEviction: async () => {
      health = { events: 8, losses: [] };
    },
    ...parts,
  };
  const save = vi.fn();
  const desk = new StorageDesk({
    upkeep,
    save,
    measure: async () => ({ map: 1, app: 2 }),
    now: () => Date.UTC(2026, 10, 22),
  });
  return { desk, save };
};
const file = new Blob(['x']);

test('a backup is handed over under a name with its day', async () => {
  const { desk, save } = makeDesk();
  expect(await desk.backUp('right')).toBe(true);
  expect(save).toHaveBeenCalledWith('synchrono-city-2026-11-22.citybackup', expect.any(Blob));
  expect(desk.ended).toEqual({ work: 'export', ok: true });
  expect([desk.usage?.log, desk.caches?.app, desk.health?.events]).toEqual([1, 2, 3]);
});

test('a file is looked through before it is taken; taking it ends the news of an eviction', async () => {
  const { desk } = makeDesk();
  expect(await desk.take('here')).toBe(false);
  expect(await desk.look(file, 'wrong')).toBe(false);
  expect(desk.ended).toMatchObject({ work: 'check', ok: false, reason: 'wrong' });
  expect(await desk.look(file, 'right')).toBe(true);
  expect(desk.offer).toEqual(offer);
  expect(await desk.take('here')).toBe(true);
  expect(desk.ended).toMatchObject({ work: 'import', ok: true, imported: { appended: 5 } });
  expect([desk.offer, desk.health?.eviction]).toEqual([undefined, undefined]);
});

test('work tells how far it is, is done one at a time, and can be stopped', async () => {
  const begun: Job[] = [];
  const { desk } = makeDesk({
    exportBackup: (_passphrase, job = {}) => {
      begun.push(job);
      return new Promise((settle) =>
        job.signal?.addEventListener('abort', () => settle(fail('cancelled', 'stopped'))),
      );
    },
  });
  const making = desk.backUp('right');
  begun[0]?.progress?.(1, 4);
  expect(desk.under).toEqual({ work: 'export', part: 0.25 });
  expect(await desk.backUp('right')).toBe(false);
  expect(begun).toHaveLength(1);
  desk.stop();
  expect(await making).toBe(false);
  expect([desk.under, desk.ended]).toEqual([undefined, { work: 'export', ok: false, reason: 'cancelled' }]);
});

test('a stopped rebuild is said to be one; broken work is no silence', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { desk } = makeDesk({
    rebuild: async () => false,
    checkBackup: () => Promise.reject(new Error('x')),
  });
  await desk.rebuild();
  expect(desk.ended).toEqual({ work: 'rebuild', ok: false, reason: 'cancelled' });
  await desk.look(file, 'right');
  expect(desk.ended).toEqual({ work: 'check', ok: false, reason: 'broken' });
  vi.restoreAllMocks();
});

test('a wait says how long; a refused import keeps its offer', async () => {
  const { desk } = makeDesk({ importBackup: async () => fail('wait', 'wait', 5000) });
  await desk.look(file, 'right');
  expect(await desk.take('new')).toBe(false);
  expect(desk.ended).toEqual({ work: 'import', ok: false, reason: 'wait', wait: 5000 });
  expect(desk.offer).toEqual(offer);
});

test('what cannot be measured is left out', async () => {
  const { desk } = makeDesk({ usage: () => Promise.reject(new Error('x')) });
  await desk.refresh();
  expect([desk.usage, desk.health?.events]).toEqual([undefined, 3]);
});
