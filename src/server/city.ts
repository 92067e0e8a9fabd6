/** The whole server, wired: database, places, relay, HTTP. One call starts it, one stops it. */
import { sql } from 'kysely';
import { ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import type { CityKey } from './city-key.ts';
import { keepCompany, openBus } from './city/company.ts';
import { keepHouse } from './city/housekeeping.ts';
import { numbersOf } from './city/numbers.ts';
import { assemble, relayUrlOf } from './city/parts.ts';
import type { CityOptions, Parts } from './city/parts.ts';
import type { Config } from './config.ts';
import { openGround } from './ground.ts';
import type { GroundFailure } from './ground.ts';
import { describeRelay } from './http/information.ts';
import { checkPort, listen } from './http/listen.ts';
import type { PortFailure } from './http/listen.ts';
import { makeRouter } from './http/router.ts';
import type { Router } from './http/router.ts';
import { importEvents } from './ledger/import.ts';
import type { ImportOptions, ImportReport } from './ledger/import.ts';
import { audienceOf } from './relay/access.ts';
import { LIMITS } from './relay/limits.ts';
import { SocketDoor } from './relay/socket.ts';
import { Opened } from './opened.ts';
import { refreshStatistics } from './store/plan.ts';
import { countEvents, findEvents } from './store/query.ts';

export type { CityOptions } from './city/parts.ts';

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
  /** Does now what the operators' side and the files' do every half a minute. Throws on I/O. */
  tend(): Promise<void>;
  /** Stops gracefully: what was acknowledged is stored, what was stored is acknowledged. */
  close(): Promise<void>;
}

export type StartFailure = GroundFailure | PortFailure | Failure<'bus'>;

/** Says anew what places are where no event of the present key does (the city's key may have changed). */
const announceUnspoken = async ({ ledger, directory }: Parts): Promise<void> => {
  const silent = () =>
    [...directory.all()].filter((state) => !state.deleted && directory.stampOf(state.id) === 0).slice(0, 64);
  while (silent().length > 0) await ledger.exclusively(() => ledger.announce(silent));
};

const routerOf = (config: Config, options: CityOptions, parts: Parts, key: CityKey) =>
  makeRouter({
    information: () =>
      describeRelay({
        name: config.cityName,
        self: key.pubkey,
        work: config.work,
        letterDays: config.retention.letters,
        operators: config.operators,
        settings: parts.policy.settings,
      }),
    ...numbersOf(parts),
    metricsDoor: config.metrics,
    streams: (request, response, path) =>
      parts.media.handle(request, response, path) ||
      parts.proxy.handle(request, response, path) ||
      parts.previews.handle(request, response, path),
    api: (request, path) =>
      parts.push.handle(request, path) ??
      parts.names.handle(request, path) ??
      parts.admin.handle(request, path),
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

const cityOf = (
  config: Config,
  parts: Parts,
  { port, handle }: { port: number; handle: Router },
): Omit<City, 'close'> => {
  const { ground, clock } = parts;
  const url = config.publicUrl ?? `http://localhost:${port}`;
  return {
    url,
    relayUrl: relayUrlOf(url),
    port,
    pubkey: ground.key.pubkey,
    place: ground.place,
    handle,
    importEvents: async (events, options) => {
      const report = await importEvents(events, { ...parts, now: () => clock.now() }, options);
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
    tend: async () => {
      await parts.admin.tend();
      await parts.media.tend();
    },
  };
};

const open = async (
  config: Config,
  options: CityOptions,
  opened: Opened,
): Promise<Result<Omit<City, 'close'>, StartFailure>> => {
  const free = options.server ? ok(true) : await checkPort(config.port, config.host);
  if (!free.ok) return free;
  const ground = await openGround(config, options);
  if (!ground.ok) return ground;
  opened.add(() => ground.value.close());
  const bus = await openBus(config, ground.value);
  if (!bus.ok) return bus;
  opened.add(() => bus.value.close());
  let port = config.port;
  const publicUrl = (): URL => new URL(config.publicUrl ?? `http://localhost:${port}`);
  const parts = assemble(config, options, ground.value, { bus: bus.value, publicUrl });
  opened.add(() => parts.numbers.close());
  await parts.ledger.load();
  opened.add(() => parts.media.close());
  opened.add(() => parts.names.close());
  opened.add(() => parts.push.close());
  await parts.push.load();
  await parts.policy.reload();
  opened.add(() => parts.ledger.idle());
  opened.add(() => parts.vanisher.close());
  opened.add(
    keepCompany({
      ...parts,
      pass: (event) => parts.relay.pass(event),
      reloadDevices: () => parts.push.load(),
      reloadRules: () => parts.policy.reload(),
    }),
  );
  await announceUnspoken(parts);
  const router = routerOf(config, options, parts, ground.value.key);
  const door = new SocketDoor(parts.relay, publicUrl);
  parts.policy.watch(() => door.recheck());
  const { server } = options;
  const listening = await listen({ config, router, door, ...(server ? { server } : {}) });
  if (!listening.ok) return listening;
  opened.add(() => listening.value.close());
  port = listening.value.port;
  opened.add(keepHouse(parts));
  return ok(cityOf(config, parts, { port, handle: router }));
};

/** Starts a city, whole or not at all; fails with one sentence for people. */
export const startCity = async (
  config: Config,
  options: CityOptions = {},
): Promise<Result<City, StartFailure>> => {
  const opened = new Opened();
  try {
    const city = await open(config, options, opened);
    if (city.ok) return ok({ ...city.value, close: () => opened.close() });
    await opened.close();
    return city;
  } catch (cause) {
    await opened.close();
    throw cause;
  }
};
