/** The other processes of this city, where there are any: what they commit is followed, what they say is heard. */
import { randomUUID } from 'node:crypto';
import { parseEvent } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Config } from '../config.ts';
import type { Ground } from '../ground.ts';
import type { Follower } from '../ledger/follower.ts';
import { silentBus } from '../state/bus.ts';
import type { Bus } from '../state/bus.ts';
import { openPostgresBus } from '../state/postgres-bus.ts';
import { openRedisBus } from '../state/redis-bus.ts';

/** What is heard of at the latest, should every word be lost. */
const LOOK_EVERY_MS = 1000;

/** Opens the bus that the settings name; fails with `bus` and one sentence. */
export const openBus = async (
  { databaseUrl, redisUrl }: Config,
  { db, key }: Ground,
): Promise<Result<Bus, Failure<'bus'>>> => {
  if (databaseUrl === undefined) return ok(silentBus);
  const name = randomUUID();
  try {
    return ok(
      redisUrl === undefined
        ? await openPostgresBus(db, databaseUrl, name)
        : await openRedisBus(redisUrl, key.pubkey, name),
    );
  } catch (cause) {
    const whose = redisUrl === undefined ? 'DATABASE_URL' : 'REDIS_URL';
    return fail('bus', `What ${whose} names does not answer: ${String((cause as Error).message)}`, cause);
  }
};

export interface CompanyPorts {
  readonly bus: Bus;
  readonly follower: Follower;
  /** An ephemeral event that another process took. */
  readonly pass: (event: NostrEvent) => void;
  /** Who wants to be woken has changed elsewhere. */
  readonly reloadDevices: () => Promise<void>;
  /** An operator has decided something elsewhere. */
  readonly reloadRules: () => Promise<void>;
}

/** What cannot be read just now is read the next time: the sequence in the database stays. */
const later = (): undefined => undefined;

const parsePassing = (text: string): NostrEvent | undefined => {
  try {
    const parsed = parseEvent(JSON.parse(text));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
};

/** Follows and hears until the returned function is called. */
export const keepCompany = ({
  bus,
  follower,
  pass,
  reloadDevices,
  reloadRules,
}: CompanyPorts): (() => void) => {
  const look = (): void => void follower.fresh().catch(later);
  bus.subscribe('stored', (number) => {
    if (!(Number(number) <= follower.seen)) look();
  });
  // A place may just have been closed to somebody: what was committed before comes first.
  bus.subscribe('passing', (text) => {
    const event = parsePassing(text);
    if (event) follower.fresh().then(() => pass(event), later);
  });
  bus.subscribe('devices', () => void reloadDevices().catch(later));
  bus.subscribe('rules', () => void reloadRules().catch(later));
  bus.onGap(() => {
    look();
    void reloadDevices().catch(later);
    void reloadRules().catch(later);
  });
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
};
