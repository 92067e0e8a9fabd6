/** The whole server, wired: database, places, relay, HTTP. One call starts it, one stops it. */
import { sql } from 'kysely';
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import type { CityKey } from './city-key.ts';
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
  /** Stops gracefully: what was acknowledged is stored, what was stored is acknowledged. */
  close(): Promise<void>;
}

export type StartFailure = GroundFailure | PortFailure;

/** Says anew what places are where no event of the present key does (the city's key may have changed). */
const announceUnspoken = async ({ ledger, directory }: Parts): Promise<void> => {
  const silent = [...directory.all()].filter((state) => !state.deleted && directory.stampOf(state.id) === 0);
  for (let from = 0; from < silent.length; from += 64)
    await ledger.exclusively(() => ledger.announce(silent.slice(from, from + 64)));
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
    ...numbersOf(parts),
    metricsDoor: config.metrics,
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
      parts.numbers.close();
      await ground.close();
    },
  });
};
