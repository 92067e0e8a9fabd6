/** The whole server, wired: database, places, relay, HTTP. One call starts it, one stops it. */
import type { Server } from 'node:http';
import { sql } from 'kysely';
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import type { CityKey } from './city-key.ts';
import type { Config } from './config.ts';
import { openGround } from './ground.ts';
import type { Ground, GroundFailure } from './ground.ts';
import { GroupDirectory } from './groups/directory.ts';
import { describeRelay } from './http/information.ts';
import { checkPort, listen } from './http/listen.ts';
import type { PortFailure } from './http/listen.ts';
import type { Metric } from './http/metrics.ts';
import { makeRouter } from './http/router.ts';
import type { AppHandler, Router } from './http/router.ts';
import { importEvents } from './ledger/import.ts';
import type { ImportOptions, ImportReport } from './ledger/import.ts';
import { Ledger } from './ledger/ledger.ts';
import { openPush } from './push/push.ts';
import type { CityPush, PushOptions } from './push/push.ts';
import { audienceOf } from './relay/access.ts';
import { LIMITS } from './relay/limits.ts';
import type { Rates } from './relay/pace/rates.ts';
import { Relay } from './relay/relay.ts';
import { SocketDoor } from './relay/socket.ts';
import { signatureVerifier } from './relay/verifier.ts';
import { refreshStatistics, sweepExpired } from './store/plan.ts';
import { countEvents, findEvents } from './store/query.ts';

/** What tests and development hand in; production takes the defaults. */
export interface CityOptions {
  readonly app?: AppHandler;
  /** An HTTP server that somebody else runs (Vite's); undefined: our own, on the configured port. */
  readonly server?: Server;
  readonly clock?: Clock;
  readonly rates?: Rates;
  readonly push?: PushOptions;
  /** Archive of an empty embedded database. */
  readonly template?: string;
  /** Keeps the embedded database in memory only. */
  readonly inMemory?: boolean;
}

export interface City {
  /** Where people reach it: http or https. */
  readonly url: string;
  /** The same as a relay's address. */
  readonly relayUrl: string;
  readonly port: number;
  /** The city's own public key. */
  readonly pubkey: string;
  /** Where the data lives, for people. */
  readonly place: string;
  /** The operator's door (ledger/import.ts). */
  importEvents(
    events: AsyncIterable<NostrEvent> | Iterable<NostrEvent>,
    options?: ImportOptions,
  ): Promise<ImportReport>;
  /** The server's own paths, for an HTTP server that somebody else runs. */
  readonly handle: Router;
  /** What a visitor may read, newest first, within a question's limit; without asking through a socket. */
  find(filter: Filter): Promise<NostrEvent[]>;
  /** How much of it there is. */
  count(filter: Filter): Promise<number>;
  /** True when nothing was ever stored. */
  isEmpty(): Promise<boolean>;
  /** Stops gracefully: what was acknowledged is stored, what was stored is acknowledged. */
  close(): Promise<void>;
}

export type StartFailure = GroundFailure | PortFailure;

const SWEEP_EVERY_MS = 30_000;
const COUNT_EVERY_MS = 30 * 60_000;

const relayUrlOf = (url: string): string => url.replace(/^http/, 'ws');

interface Parts {
  readonly ground: Ground;
  readonly directory: GroupDirectory;
  readonly ledger: Ledger;
  readonly relay: Relay;
  readonly push: CityPush;
  readonly clock: Clock;
}

const metricsOf = ({ relay, directory, push }: Parts): Metric[] => {
  const { counters, live } = relay.context;
  const counter = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    value,
    type: 'counter',
  });
  const gauge = (name: string, help: string, value: number): Metric => ({ name, help, value, type: 'gauge' });
  return [
    gauge('connections', 'Open WebSockets.', relay.connections),
    gauge('subscriptions', 'Open subscriptions.', live.size),
    gauge('places', 'Places, deleted ones too.', directory.size),
    counter('messages_received_total', 'Frames from clients.', counters.received),
    counter('messages_sent_total', 'Frames to clients.', counters.sent),
    counter('events_accepted_total', 'Events stored.', counters.accepted),
    counter('events_refused_total', 'Events refused.', counters.refused),
    ...push.metrics(),
  ];
};

const isHealthy = async ({ ground }: Parts): Promise<boolean> => {
  try {
    await sql`select 1`.execute(ground.db);
    return true;
  } catch {
    return false;
  }
};

/** Says anew what places are where no event of the present key does (the city's key may have changed). */
const announceUnspoken = async ({ ledger, directory }: Parts): Promise<void> => {
  const silent = [...directory.all()].filter((state) => !state.deleted && directory.stampOf(state.id) === 0);
  for (let from = 0; from < silent.length; from += 64)
    await ledger.exclusively(() => ledger.announce(silent.slice(from, from + 64)));
};

const assemble = (
  config: Config,
  options: CityOptions,
  ground: Ground,
  publicUrl: () => URL,
): Result<Parts, GroundFailure> => {
  const clock = options.clock ?? systemClock;
  const directory = new GroupDirectory();
  const operators = new Set(config.operators);
  const { db, key } = ground;
  const access = { places: directory, operators };
  const opened = openPush({
    ...{ db, clock, access, publicUrl, verifier: signatureVerifier },
    dataDir: config.dataDir,
    local: config.pushLocal,
    ...(options.push ? { options: options.push } : {}),
  });
  if (!opened.ok) return opened;
  const push = opened.value;
  const relayUrl = relayUrlOf(config.publicUrl ?? `http://localhost:${config.port}`);
  const ledger: Ledger = new Ledger({
    db,
    directory,
    key,
    clock,
    operators,
    relayUrl,
    deliver: (events, changed) => {
      relay.deliver(events, changed);
      push.deliver(events);
    },
  });
  const relay = new Relay({
    db,
    directory,
    ledger,
    clock,
    operators,
    verifier: signatureVerifier,
    self: key.pubkey,
    work: config.work,
    ...(options.rates ? { rates: options.rates } : {}),
  });
  return ok({ ground, directory, ledger, relay, push, clock });
};

/** Housekeeping while the city runs; a failure is told and tried again next time. */
const keepHouse = ({ ground, clock }: Parts): (() => void) => {
  const tell = (cause: unknown): void => console.error(`housekeeping failed: ${String(cause)}`);
  const sweep = () => sweepExpired(ground.db, clock.now()).catch(tell);
  const count = () => refreshStatistics(ground.db).catch(tell);
  const timers = [setInterval(sweep, SWEEP_EVERY_MS), setInterval(count, COUNT_EVERY_MS)];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
};

const routerOf = (config: Config, options: CityOptions, parts: Parts, key: CityKey) =>
  makeRouter({
    information: () =>
      describeRelay({
        name: config.cityName,
        self: key.pubkey,
        work: config.work,
        operators: config.operators,
      }),
    metrics: () => metricsOf(parts),
    healthy: () => isHealthy(parts),
    api: (request, path) => parts.push.handle(request, path),
    ...(options.app ? { app: options.app } : {}),
  });

const questionsOf = (
  { operators }: Config,
  { ground, directory, clock }: Parts,
): Pick<City, 'find' | 'count'> => {
  const scope = () => ({
    audience: audienceOf(directory, new Set(), new Set(operators)),
    now: clock.now(),
  });
  return {
    find: (filter) =>
      findEvents(ground.db, [filter], { ...scope(), most: LIMITS.limit, mostText: LIMITS.answer }),
    count: (filter) => countEvents(ground.db, [filter], scope()),
  };
};

/** Starts a city; fails with one sentence for people. */
export const startCity = async (
  config: Config,
  options: CityOptions = {},
): Promise<Result<City, StartFailure>> => {
  const free = options.server ? ok(true) : await checkPort(config.port, config.host);
  if (!free.ok) return free;
  const opened = await openGround(config, options);
  if (!opened.ok) return opened;
  const ground = opened.value;
  let url = config.publicUrl ?? '';
  const publicUrl = (): URL => new URL(url);
  const assembled = assemble(config, options, ground, publicUrl);
  if (!assembled.ok) {
    await ground.close();
    return assembled;
  }
  const parts = assembled.value;
  await parts.ledger.load();
  await parts.push.load();
  await announceUnspoken(parts);
  const door = new SocketDoor(parts.relay, publicUrl);
  const router = routerOf(config, options, parts, ground.key);
  const listening = await listen({
    config,
    router,
    door,
    ...(options.server ? { server: options.server } : {}),
  });
  if (!listening.ok) {
    await parts.push.close();
    await ground.close();
    return listening;
  }
  const { port } = listening.value;
  url ||= `http://localhost:${port}`;
  const rest = keepHouse(parts);
  return ok({
    url,
    relayUrl: relayUrlOf(url),
    port,
    pubkey: ground.key.pubkey,
    place: ground.place,
    handle: router,
    importEvents: async (events, importOptions) => {
      const ports = { ...parts, now: () => parts.clock.now() };
      const report = await importEvents(events, ports, importOptions);
      await refreshStatistics(ground.db);
      return report;
    },
    ...questionsOf(config, parts),
    isEmpty: async () => {
      const { rows } = await sql<{ any: boolean }>`select exists (select 1 from events) as any`.execute(
        ground.db,
      );
      return !rows[0]?.any;
    },
    close: async () => {
      rest();
      await listening.value.close();
      await parts.ledger.idle();
      await parts.push.close();
      await ground.close();
    },
  });
};
