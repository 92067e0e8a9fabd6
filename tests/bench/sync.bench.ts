/**
 * A device that knows 100,000 lines of a place and lacks 100: what finding and fetching them moves over a real socket, beside
 * fetching everything anew page by page, and beside nostr-tools asking the same city.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nip77 } from 'nostr-tools';
import * as secp from 'tiny-secp256k1';
import { WebSocket } from 'ws';
import type { Socket } from '../../src/client/relays/ports.ts';
import { Relay } from '../../src/client/relays/relay.ts';
import { pageBack } from '../../src/client/relays/sync/page-back.ts';
import type { Fetched } from '../../src/client/relays/sync/ports.ts';
import type { Draft, NostrEvent } from '../../src/protocol/event.ts';
import { eventId } from '../../src/protocol/event.ts';
import type { Filter } from '../../src/protocol/filters.ts';
import { groupTalkFilter } from '../../src/protocol/groups.ts';
import { NOTE } from '../../src/protocol/kinds.ts';
import { ItemSet } from '../../src/protocol/negentropy/item-set.ts';
import { startCity } from '../../src/server/city.ts';
import type { City } from '../../src/server/city.ts';
import { parseConfig } from '../../src/server/config.ts';
import { DEFAULT_RATES } from '../../src/server/relay/pace/rates.ts';
import { bytesToHex, parseHex } from '../../src/shared/bytes.ts';
import { DAY } from '../../src/shared/time.ts';
import { makePlace } from '../support/places.ts';
import type { BenchRow } from './rows.ts';

export const needsApp = false;

const KNOWN = 100_000;
const MISSING = 100;
const ROUNDS = 3;
const PLACE = 'sync';
const UNHURRIED = { perSecond: 1e6, burst: 1e6 };
const SENTENCE = 'The ferry leaves at nine from the old pier, and whoever comes late waits with the gulls. ';

/** The server's workers, laid beside the bundle that this bench runs from. */
const provideWorkers = (): void => {
  for (const worker of ['db/embedded-worker.mjs', 'ledger/verify-worker.mjs'])
    copyFileSync(
      join('src/server', worker),
      fileURLToPath(new URL(worker.replace(/^.*\//, './'), import.meta.url)),
    );
};

const writer = (n: number) => {
  const secret = new Uint8Array(32).fill(n + 1);
  const pubkey = bytesToHex(secp.xOnlyPointFromScalar(secret));
  return (draft: Draft, created_at: number): NostrEvent => {
    const unsigned = { kind: draft.kind, tags: draft.tags, content: draft.content, pubkey, created_at };
    const id = eventId(unsigned);
    const hash = parseHex(id);
    if (!hash.ok) throw new Error('an id that is not hex');
    return { ...unsigned, id, sig: bytesToHex(secp.signSchnorr(hash.value, secret)) };
  };
};
const writers = Array.from({ length: 8 }, (_, n) => writer(n));

/** A place with its lines over 25 days; every so many of them is one that the device lacks. */
function* story(now: number): Generator<NostrEvent> {
  const [founder = writer(0)] = writers;
  yield founder(makePlace(PLACE), now - 26 * DAY);
  const total = KNOWN + MISSING;
  for (let n = 0; n < total; n++) {
    const content = SENTENCE.slice(0, 20 + ((n * 37) % 60)) + n;
    const sign = writers[n % writers.length] ?? founder;
    yield sign(
      { kind: NOTE, tags: [['h', PLACE]], content },
      now - 25 * DAY + Math.floor((n * 24 * DAY) / total),
    );
  }
}
const isMissing = (n: number): boolean => n % ((KNOWN + MISSING) / MISSING) === 500;

interface Traffic {
  up: number;
  down: number;
}

/** The client's own relay over a socket whose payloads are counted. */
const connect = async (url: string, traffic: Traffic): Promise<Relay> => {
  let opened: () => void = () => undefined;
  const isOpen = new Promise<void>((done) => (opened = done));
  const sockets = (address: string): Socket => {
    const socket = new WebSocket(address);
    const send = (text: string): void => {
      traffic.up += Buffer.byteLength(text);
      socket.send(text);
    };
    const own: Socket = { onopen: null, onmessage: null, onclose: null, send, close: () => socket.close() };
    socket.on('open', () => own.onopen?.());
    socket.on('message', (data: Buffer) => {
      traffic.down += data.length;
      own.onmessage?.({ data: data.toString() });
    });
    socket.on('close', () => own.onclose?.());
    socket.on('error', () => undefined);
    return own;
  };
  const network = { isOnline: () => true, watch: () => () => undefined };
  const relay = new Relay({
    url,
    ports: { sockets, network, random: Math.random, now: Date.now },
    stateChanged: (state) => state === 'open' && opened(),
  });
  await isOpen;
  return relay;
};

const ask = (relay: Relay, filter: Filter, heard: Set<string>): Promise<Fetched> =>
  new Promise((resolve) => {
    let oldest: number | undefined;
    let received = 0;
    const end = (answer: Fetched): void => {
      release();
      resolve(answer);
    };
    const release = relay.request({
      filters: [filter],
      live: false,
      event: ({ id, created_at }) => {
        received += 1;
        oldest = Math.min(oldest ?? Infinity, created_at);
        heard.add(id);
      },
      complete: () =>
        queueMicrotask(() =>
          end({ ok: true, value: oldest === undefined ? { received } : { received, oldest } }),
        ),
      refused: (message) => end({ ok: false, error: { code: 'refused', message } }),
    });
  });

interface Measured extends Traffic {
  readonly seconds: number;
  readonly events: number;
}
const measured = async (
  url: string,
  work: (relay: Relay, heard: Set<string>) => Promise<void>,
): Promise<Measured> => {
  const traffic = { up: 0, down: 0 };
  const relay = await connect(url, traffic);
  const heard = new Set<string>();
  const began = performance.now();
  try {
    await work(relay, heard);
  } finally {
    relay.close();
  }
  const seconds = (performance.now() - began) / 1000;
  return { ...traffic, seconds, events: heard.size };
};

const bySync = (city: City, items: ItemSet) =>
  measured(city.relayUrl, async (relay, heard) => {
    const found = await relay.reconcile(groupTalkFilter(PLACE), items);
    if (!found.ok || !found.value.isWhole) throw new Error(found.ok ? 'broken off' : found.error.message);
    await ask(relay, { ids: found.value.need }, heard);
  });

const byPaging = (city: City) =>
  measured(city.relayUrl, async (relay, heard) => {
    const ports = { fetch: (_relay: string, filter: Filter) => ask(relay, filter, heard) };
    const paged = await pageBack(ports, city.relayUrl, { ...groupTalkFilter(PLACE), since: 0 });
    if (!paged.ok) throw new Error(paged.error.message);
  });

/** nostr-tools' negentropy against the same city: only the talk about ids, as it does no fetching. */
const byNostrTools = async (city: City, known: readonly NostrEvent[]): Promise<Measured> => {
  const storage = new nip77.NegentropyStorageVector();
  for (const { created_at, id } of known) storage.insert(created_at, id);
  storage.seal();
  const asking = new nip77.Negentropy(storage);
  const traffic = { up: 0, down: 0 };
  const socket = new WebSocket(city.relayUrl);
  await new Promise((open) => socket.once('open', open));
  const need = new Set<string>();
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    const send = (frame: readonly unknown[]): void => {
      const text = JSON.stringify(frame);
      traffic.up += text.length;
      socket.send(text);
    };
    socket.on('message', (data: Buffer) => {
      const [type, , message] = JSON.parse(data.toString()) as [string, string, string];
      if (type === 'NEG-ERR') return reject(new Error(message));
      if (type !== 'NEG-MSG') return;
      traffic.down += data.length;
      const next = asking.reconcile(
        message,
        () => undefined,
        (id) => need.add(id),
      );
      if (next === null) resolve();
      else send(['NEG-MSG', 'peer', next]);
    });
    send(['NEG-OPEN', 'peer', groupTalkFilter(PLACE), asking.initiate()]);
  });
  socket.terminate();
  return { ...traffic, seconds: (performance.now() - began) / 1000, events: need.size };
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const bytesOf = ({ up, down }: Traffic): number => up + down;

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version;

const openCity = async (folder: string): Promise<City> => {
  const config = parseConfig({ PORT: '0', POW: 'test', DATA_DIR: folder });
  if (!config.ok) throw new Error(config.error.message);
  const rates = { ...DEFAULT_RATES, messages: UNHURRIED, questions: UNHURRIED };
  const started = await startCity(config.value, { inMemory: true, rates });
  if (!started.ok) throw new Error(started.error.message);
  return started.value;
};

const measure = async (city: City): Promise<BenchRow[]> => {
  const lines = [...story(Math.floor(Date.now() / 1000))];
  const report = await city.importEvents(lines);
  if (report.refused > 0) throw new Error(`not imported: ${report.reasons.join('; ')}`);
  const known = lines.slice(1).filter((_, n) => !isMissing(n));
  const items = new ItemSet(known.map(({ id, created_at: at }) => ({ id, at })));
  const runs: { sync: Measured; peer: Measured }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    runs.push({ sync: await bySync(city, items), peer: await byNostrTools(city, known) });
  const whole = await byPaging(city);
  const [first] = runs;
  if (!first || whole.events !== KNOWN + MISSING || runs.some(({ sync }) => sync.events !== MISSING))
    throw new Error(`a side did not get what it lacked: ${whole.events}, ${first?.sync.events}`);
  const share = (100 * bytesOf(first.sync)) / bytesOf(whole);
  const paging = `REQ pages of 500 (NIP-01), ${(bytesOf(whole) / 1e6).toFixed(1)} MB, ${whole.seconds.toFixed(1)} s`;
  const peer = `nostr-tools ${versionOf('nostr-tools')}, ids only`;
  const seconds = median(runs.map(({ sync }) => sync.seconds));
  return [
    {
      row: `bytes both ways, ${MISSING} missing of ${KNOWN}`,
      value: share,
      unit: '% of all',
      peer: paging,
      target: '≤ 1',
      ok: share <= 1,
    },
    { row: 'sent', value: first.sync.up / 1000, unit: 'kB', ok: true },
    { row: 'received, the missing events too', value: first.sync.down / 1000, unit: 'kB', ok: true },
    {
      row: 'time to have them, median',
      value: seconds,
      unit: 's',
      peer: paging,
      ratio: seconds / whole.seconds,
      ok: true,
    },
    {
      row: 'time of nostr-tools to name them, median',
      value: median(runs.map(({ peer: one }) => one.seconds)),
      unit: 's',
      peer,
      ratio: seconds / median(runs.map(({ peer: one }) => one.seconds)),
      ok: true,
    },
    {
      row: 'bytes of nostr-tools to name them',
      value: bytesOf(first.peer) / 1000,
      unit: 'kB',
      peer,
      ratio: bytesOf(first.sync) / bytesOf(first.peer),
      ok: true,
    },
  ];
};

/** One city in this process, in memory; the socket is a real one. */
export const run = async (): Promise<BenchRow[]> => {
  provideWorkers();
  const folder = mkdtempSync(join(tmpdir(), 'city-sync-'));
  const city = await openCity(folder);
  try {
    return await measure(city);
  } finally {
    await city.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
