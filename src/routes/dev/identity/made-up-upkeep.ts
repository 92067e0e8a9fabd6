/** Upkeep of a store that does not exist: `?evicted&lost&full` for what can be wrong with it. */
import type { Upkeep } from '#client/engine/upkeep/upkeep.ts';
import { fail, ok } from '#shared/result.ts';

const DAY = 86_400; // seconds
const lost = [
  { from: 51, to: 100, events: 50, after: 1_763_000_000, before: 1_763_000_000 + 2 * DAY },
  { from: 901, to: 902, events: 2, after: 1_764_000_000 },
];

/** Says what the page's address asks for. */
export const madeUpUpkeep = (asked: URLSearchParams): Upkeep => ({
  exportBackup: async (_passphrase, job) => {
    job?.progress?.(40, 100);
    await new Promise((settle) => setTimeout(settle, 3000));
    return job?.signal?.aborted ? fail('cancelled', 'stopped') : ok(new Blob(['made up']));
  },
  checkBackup: async (_file, passphrase) => {
    if (passphrase !== 'right') return fail('wrong', 'This passphrase does not open it.');
    const report = { profile: '', madeAt: 1_763_000_000, events: 91_204, lost, lostOwn: [], isSealed: false };
    return ok({ report: { ...report, isWhole: false }, kinship: asked.has('other') ? 'other' : 'same' });
  },
  importBackup: async () => fail('full', 'This device has no space left.'),
  rebuild: async () => true,
  usage: async () => ({
    log: 19_800_000,
    rows: 9_400_000,
    words: 11_200_000,
    other: 640_000,
    blobs: 4_100_000,
  }),
  health: async () => ({
    events: 91_204,
    losses: asked.has('lost') ? lost : [],
    lastBackup: { at: 1_763_000_000, events: 80_000 },
    ...(asked.has('evicted') ? { eviction: { events: 91_204, at: 1_763_400_000 } } : {}),
  }),
  dismissEviction: async () => undefined,
});
