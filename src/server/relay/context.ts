/** What every connection shares: ports to the rest of the server, rates, live subscriptions, counters. */
import type { Clock } from '#shared/time.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import type { WorkMode } from '#protocol/proof-of-work.ts';
import type { Database } from '../db/database.ts';
import type { GroupDirectory } from '../groups/directory.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../telemetry/log.ts';
import type { RelayNumbers } from '../telemetry/numbers.ts';
import type { WritePolicy } from './gate.ts';
import { LIMITS } from './limits.ts';
import { LiveIndex } from './live.ts';
import { Quota } from './pace/quota.ts';
import { DEFAULT_RATES, EventPace, RateLimiter } from './pace/rates.ts';
import type { Rates } from './pace/rates.ts';
import { Turns } from './pace/turns.ts';
import { Unread } from './pace/unread.ts';
import { Turnstile } from '../store/turnstile.ts';

export interface RelayPorts {
  readonly db: Database;
  readonly directory: GroupDirectory;
  readonly ledger: Ledger;
  /** Checks signatures only; ids are checked before. */
  readonly verifier: Verifier;
  readonly clock: Clock;
  readonly self: string;
  readonly operators: ReadonlySet<string>;
  readonly work: WorkMode;
  readonly policy: WritePolicy & { isBlocked(address: string): boolean };
  readonly log: Log;
  readonly numbers: RelayNumbers;
  /** Settles when everything is known that any process of the city has committed before. Throws on I/O. */
  readonly fresh: () => Promise<void>;
  /** Tells the other processes of an ephemeral event. */
  readonly pass: (event: NostrEvent) => void;
  readonly rates?: Rates;
}

/** Numbers for /metrics. */
interface RelayCounters {
  received: number;
  accepted: number;
  refused: number;
  sent: number;
}

type Limiters = Readonly<Record<'messages' | 'connections' | 'questions', RateLimiter>>;

export interface RelayContext {
  readonly ports: RelayPorts;
  readonly live: LiveIndex;
  readonly counters: RelayCounters;
  readonly limiters: Limiters;
  readonly pace: EventPace;
  /** Open connections, by address. */
  readonly seats: Quota;
  /** Values in open questions, by address. */
  readonly watched: Quota;
  /** Records in open reconciliations, by address. */
  readonly reconciled: Quota;
  readonly reconciledInAll: Quota;
  /** Where reconciliations wait to look into the store. */
  readonly lookups: Turnstile;
  /** Whose turn it is to ask the database, by address: nobody's questions fill the line before everybody else's. */
  readonly turns: Turns;
  /** What all connections together have not read yet. */
  readonly unread: Unread;
}

/** A context with nobody in it. */
export const makeContext = (ports: RelayPorts): RelayContext => {
  const rates = ports.rates ?? DEFAULT_RATES;
  return {
    ports,
    live: new LiveIndex(),
    seats: new Quota(LIMITS.connections),
    turns: new Turns(LIMITS.questionsAtOnce),
    unread: new Unread(LIMITS.unsentInAll),
    watched: new Quota(LIMITS.watched),
    reconciled: new Quota(LIMITS.reconciledByOne),
    reconciledInAll: new Quota(LIMITS.reconciledInAll),
    lookups: new Turnstile(LIMITS.lookups, LIMITS.lookupsWaiting),
    counters: { received: 0, accepted: 0, refused: 0, sent: 0 },
    pace: new EventPace(rates),
    limiters: {
      messages: new RateLimiter(rates.messages),
      connections: new RateLimiter(rates.connections),
      questions: new RateLimiter(rates.questions),
    },
  };
};
