/** Reading from what was kept, in a worker that has just begun: our store's own side of the bench. */
import { projections } from '#app/projections.ts';
import { createVerifier, pureVerifier } from '#client/engine/verifying.ts';
import { loadZstd } from '#client/store/seal/zstd.ts';
import { DexieDisk } from '#client/store/disk/dexie-disk.ts';
import { LogBook } from '#client/store/sealed/log-book.ts';
import type { SealedStore } from '#client/store/sealed/sealed-store.ts';
import type { Table } from '#client/store/table.ts';
import { conversations, lines } from '#features/chat/rows/tables.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import { bytesToHex } from '#shared/bytes.ts';
import { boxTimes } from './boxes.ts';
import { expose } from './contestant.ts';
import { benchVessel, openOurStore } from './our-store.ts';

/** How long something took, and how many things it was done to. */
export interface Timed {
  readonly ms: number;
  readonly count: number;
}

export interface Position {
  readonly group: string;
  /** Unix seconds: what is older; the newest where absent. */
  readonly before?: number;
}

/** A table's rows in short, by its name. */
export type Digests = Readonly<Record<string, string>>;

const PAGE = 50;
const timed = async <T>(act: () => T | Promise<T>): Promise<{ readonly ms: number; readonly result: T }> => {
  const began = performance.now();
  const result = await act();
  return { ms: performance.now() - began, result };
};

let store: SealedStore | undefined;
let wasm: Promise<Verifier> | undefined;
const opened = (): SealedStore => {
  if (!store) throw new Error('no store is open');
  return store;
};
const times = async <T>(list: readonly T[], act: (one: T) => number | Promise<number>): Promise<Timed[]> => {
  const all: Timed[] = [];
  for (const one of list) {
    const { ms, result } = await timed(() => act(one));
    all.push({ ms, count: result });
  }
  return all;
};

const digest = async (rows: readonly unknown[]): Promise<string> => {
  const bytes = new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join('\n'));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `${rows.length} rows, ${bytesToHex(hash)}`;
};

expose({
  /** Milliseconds from the profile's key to the list of conversations. The worker is there before: zstd is loaded. */
  openList: async (profile: string): Promise<Timed> => {
    await loadZstd();
    const { ms, result } = await timed(async () => {
      store = await openOurStore(profile);
      return store.all(conversations);
    });
    return { ms, count: result.length };
  },
  open: async (profile: string): Promise<void> => {
    store = await openOurStore(profile);
  },
  /** The last lines of a conversation, or those before a time. */
  lines: (positions: readonly Position[]): Promise<Timed[]> =>
    times(positions, async ({ group, before }) => {
      const cursor = before === undefined ? undefined : { order: before, id: '' };
      return (await opened().part(lines, { part: group, before: cursor, limit: PAGE })).length;
    }),
  unread: (groups: readonly string[]): Promise<Timed[]> =>
    times(groups, async (group) => (await opened().get(conversations, group))?.unread ?? 0),
  /** Opens the store, then takes the time until the first question is answered. */
  openSearch: async (profile: string): Promise<Timed> => {
    store = await openOurStore(profile);
    const { ms, result } = await timed(() => opened().search({ text: 'the' }));
    return { ms, count: result.total };
  },
  search: (texts: readonly string[]): Promise<Timed[]> =>
    times(texts, async (text) => (await opened().search({ text })).total),
  /** Decrypts and parses the whole log in its order. */
  replay: async (profile: string): Promise<Timed> => {
    const disk = new DexieDisk(`sealed ${profile}`);
    const book = new LogBook(disk, await benchVessel(profile));
    const { ms, result } = await timed(async () => {
      let count = 0;
      for await (const { events } of book.read(0)) count += events.filter((event) => event).length;
      return count;
    });
    disk.close();
    return { ms, count: result };
  },
  rebuild: async (): Promise<Timed> => {
    let count = 0;
    const { ms } = await timed(() => opened().rebuild((_done, total) => (count = total)));
    return { ms, count };
  },
  /** All rows of every table, in short. */
  digests: async (): Promise<Digests> => {
    const all: Record<string, string> = {};
    for (const { tables } of projections)
      for (const table of tables) all[table.name] = await digest(await opened().all(table as Table<unknown>));
    return all;
  },
  close: (): void => store?.close(),
  boxes: boxTimes,
  /** Checks every signature; throws when one does not hold. */
  verify: async (who: 'ours' | 'pure', events: readonly NostrEvent[]): Promise<Timed> => {
    const verifier = who === 'ours' ? await (wasm ??= createVerifier()) : pureVerifier;
    const { ms } = await timed(() => {
      if (!events.every((event) => verifier.verify(event))) throw new Error('a signature does not hold');
    });
    return { ms, count: events.length };
  },
});
