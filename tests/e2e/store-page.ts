/** Runs in a page of the city: the engine over the worker that the city ships, for a profile whose keys are known. */
import { connectEngine } from '#client/engine/connect.ts';
import type { Engine } from '#client/engine/engine.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import { lines } from '../../src/features/chat/rows/tables.ts';

interface StoreOrder {
  readonly worker: string;
  readonly relay: string;
  /** 32 hex digits. */
  readonly profile: string;
}

/** The same in every life of the browser: keys that the test knows. */
const keysOf = async (profile: string) => ({
  profile,
  dataKey: new Uint8Array(32).fill(7),
  deviceKey: await crypto.subtle.importKey('raw', new Uint8Array(32).fill(8), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]),
});

let engine: Engine | undefined;

const openEngine = async ({ worker, relay, profile }: StoreOrder): Promise<void> => {
  const opened = await connectEngine(new Worker(worker, { type: 'module' }), {
    relay,
    relayKey: 'ce'.repeat(32),
    keys: await keysOf(profile),
  });
  if (!opened.ok) throw new Error(opened.error.message);
  engine = opened.value;
};

const opened = (): Engine => {
  if (!engine) throw new Error('not open');
  return engine;
};

const hex = (n: number): string => n.toString(16).padStart(64, '0');

const lineEvent = (n: number, group: string): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  relay: 'wss://elsewhere.test',
  event: {
    id: hex(n),
    pubkey: hex(n % 7),
    created_at: 1_700_000_000 + n,
    kind: 9,
    tags: [['h', group]],
    content: `line ${n} of ${group}`,
    sig: '0'.repeat(128),
  },
});

declare global {
  /** Told of each number once its event is durable. */
  var acked: (n: number) => void;
}

/** Writes lines with these numbers, several at once, telling each one that the store has acknowledged. */
const writeLines = async (from: number, to: number, group: string): Promise<void> => {
  const under = new Set<Promise<void>>();
  for (let n = from; n < to; n++) {
    const done = opened()
      .record([lineEvent(n, group)])
      .then(() => globalThis.acked(n));
    const kept = done.finally(() => under.delete(kept));
    under.add(kept);
    if (under.size >= 8) await Promise.race(under);
  }
  await Promise.all(under);
};

/** The numbers of all lines that are there, ascending. */
const numbersIn = async (group: string): Promise<number[]> =>
  (await opened().part(lines, { part: group })).map(({ id }) => parseInt(id, 16)).sort((a, b) => a - b);

/** Every row of these lines, as text, newest first. */
const rowsIn = async (group: string): Promise<string[]> =>
  (await opened().part(lines, { part: group })).map((row) => JSON.stringify(row));

const rebuild = (): Promise<boolean> => opened().upkeep.rebuild();

/** Milliseconds until a question is answered. */
const askOnce = async (group: string): Promise<number> => {
  const before = performance.now();
  await opened().count(lines, group);
  return performance.now() - before;
};

const page = { openEngine, writeLines, numbersIn, rowsIn, rebuild, askOnce };
export type StorePage = typeof page;
Object.assign(globalThis, { storePage: page });
