/** What a city is made of, wired to each other. */
import type { Server } from 'node:http';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { openAdmin } from '../admin/admin.ts';
import type { CityAdmin } from '../admin/admin.ts';
import type { Config } from '../config.ts';
import type { Ground } from '../ground.ts';
import { GroupDirectory } from '../groups/directory.ts';
import { DESCRIPTION, VERSION } from '../http/information.ts';
import type { SignedRates } from '../http/signed-requests.ts';
import type { AppHandler } from '../http/router.ts';
import { JobBook } from '../jobs/job-book.ts';
import { Follower } from '../ledger/follower.ts';
import { Ledger } from '../ledger/ledger.ts';
import { openMedia } from '../media/media.ts';
import type { CityMedia, MediaOptions } from '../media/media.ts';
import { openNames } from '../names/names.ts';
import type { CityNames } from '../names/names.ts';
import type { NameRates } from '../names/door.ts';
import { CityPolicy } from '../policy/policy.ts';
import { openPreviews } from '../media/previews/door.ts';
import { openProxy } from '../media/proxy/proxy.ts';
import type { MediaProxy, ProxyOptions } from '../media/proxy/proxy.ts';
import { thumbOfOwn } from '../media/thumbs/own-thumbs.ts';
import { openPush } from '../push/push.ts';
import type { CityPush, PushOptions } from '../push/push.ts';
import type { Rate, Rates } from '../relay/pace/rates.ts';
import { Relay } from '../relay/relay.ts';
import { signatureVerifier } from '../relay/verifier.ts';
import type { RetentionRules } from '../retention-rules.ts';
import { silentLog } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import { Vanisher } from '../vanish/vanisher.ts';
import { CityNumbers } from '../telemetry/numbers.ts';
import type { Bus } from '../state/bus.ts';

/** What tests and development hand in; production takes the defaults. */
export interface CityOptions {
  readonly app?: AppHandler;
  /** An HTTP server that somebody else runs (Vite's); undefined: our own, on the configured port. */
  readonly server?: Server;
  readonly clock?: Clock;
  readonly rates?: Rates;
  readonly push?: PushOptions;
  readonly media?: MediaOptions;
  /** The proxy's pace, and where it may go beyond the public internet. */
  readonly proxy?: ProxyOptions;
  /** Looks at pages from one address. */
  readonly previewRate?: Rate;
  /** The pace of the door for names. */
  readonly nameRates?: NameRates;
  /** The pace of the operators' door. */
  readonly adminRates?: SignedRates;
  /** Archive of an empty embedded database. */
  readonly template?: string;
  /** Keeps the embedded database in memory only. */
  readonly inMemory?: boolean;
  /** What the operator is told; undefined: nothing. */
  readonly log?: Log;
}

export interface Parts {
  readonly config: Config;
  readonly ground: Ground;
  readonly directory: GroupDirectory;
  readonly follower: Follower;
  readonly ledger: Ledger;
  readonly relay: Relay;
  readonly policy: CityPolicy;
  readonly admin: CityAdmin;
  readonly names: CityNames;
  readonly push: CityPush;
  readonly media: CityMedia;
  readonly proxy: MediaProxy;
  readonly previews: ReturnType<typeof openPreviews>;
  readonly bus: Bus;
  readonly vanisher: Vanisher;
  readonly clock: Clock;
  readonly log: Log;
  readonly jobs: JobBook;
  readonly retention: RetentionRules;
  readonly numbers: CityNumbers;
}

/** An http address as a relay's. */
export const relayUrlOf = (url: string): string => url.replace(/^http/, 'ws');

/** Wires everything above the ground; nothing is read or written yet. */
export const assemble = (
  config: Config,
  options: CityOptions,
  ground: Ground,
  { bus, publicUrl }: { readonly bus: Bus; readonly publicUrl: () => URL },
): Parts => {
  const { clock = systemClock, log = silentLog } = options;
  const numbers = new CityNumbers(VERSION);
  const directory = new GroupDirectory();
  const operators = new Set(config.operators);
  const { db, key } = ground;
  const access = { places: directory, operators };
  const policy = new CityPolicy({ db, operators, self: key.pubkey });
  const push = openPush({
    ...{ db, clock, log, access, publicUrl, verifier: signatureVerifier },
    keys: ground.pushKeys,
    local: config.pushLocal,
    onChange: () => bus.publish('devices'),
    ...(options.push ? { options: options.push } : {}),
  });
  const proxy = openProxy({
    ...{ key, clock, log, publicUrl, dataDir: config.dataDir, most: config.proxyCacheBytes },
    ...(options.proxy ? { options: options.proxy } : {}),
  });
  const names = openNames({
    ...{ db, clock, log, policy, operators, publicUrl, verifier: signatureVerifier, fetch: proxy.fetch },
    ...(options.proxy?.loopbackPorts ? { plainPorts: options.proxy.loopbackPorts } : {}),
    ...(options.nameRates ? { rates: options.nameRates } : {}),
  });
  const previews = openPreviews({
    ...{ proxy, log, publicUrl },
    ...(options.previewRate ? { rate: options.previewRate } : {}),
  });
  const media = openMedia({
    ...{ db, clock, log, policy, operators, publicUrl, verifier: signatureVerifier },
    ...{ dataDir: config.dataDir, settings: config.media },
    submit: (event) => ledger.submit(event),
    thumbnail: thumbOfOwn(proxy.thumbs),
    forgetThumbs: (hash) => proxy.thumbs.forget(hash),
    ...(options.media ? { options: options.media } : {}),
  });
  const shared = config.databaseUrl !== undefined;
  const deliver = (events: readonly NostrEvent[], changed: readonly string[]): void =>
    relay.deliver(events, changed);
  const follower = new Follower({ db, directory, own: key.pubkey, hear: deliver });
  const ledger: Ledger = new Ledger({
    ...{ db, directory, key, clock, log, numbers, operators, follower, shared, deliver },
    relayUrl: relayUrlOf(config.publicUrl ?? `http://localhost:${config.port}`),
    committed: (events) => {
      bus.publish('stored', String(follower.seen));
      push.deliver(events);
      vanisher.deliver(events);
    },
  });
  const vanisher = new Vanisher({
    ...{ db, directory, ledger, key, clock, log },
    erasers: [
      ({ pubkey }) => push.forget(pubkey),
      (vanishing) => media.forget(vanishing),
      (vanishing) => names.forget(vanishing),
    ],
  });
  const relay = new Relay({
    ...{ db, policy, directory, ledger, clock, log, numbers, operators },
    verifier: signatureVerifier,
    self: key.pubkey,
    work: config.work,
    fresh: () => (shared ? follower.fresh() : Promise.resolve()),
    pass: (event) => bus.publish('passing', JSON.stringify(event)),
    ...(options.rates ? { rates: options.rates } : {}),
  });
  const jobs = new JobBook(db, clock);
  const admin = openAdmin({
    ...{ db, clock, log, key, ledger, directory, policy, jobs, publicUrl, verifier: signatureVerifier },
    ...{ operators: config.operators, name: config.cityName, description: DESCRIPTION },
    ...(options.adminRates ? { rates: options.adminRates } : {}),
    files: media,
    tellOthers: () => bus.publish('rules'),
    live: () => ({
      connections: relay.connections,
      places: [...directory.all()].filter(({ deleted }) => !deleted).length,
    }),
  });
  return {
    config,
    ground,
    directory,
    follower,
    ledger,
    relay,
    policy,
    admin,
    names,
    push,
    media,
    proxy,
    previews,
    vanisher,
    bus,
    clock,
    log,
    numbers,
    jobs,
    retention: config.retention,
  };
};
