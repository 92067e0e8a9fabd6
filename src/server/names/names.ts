/** The names of this city, wired: register, door, and what frees a name without its owner asking. */
import type { IncomingMessage } from 'node:http';
import type { Verifier } from '#protocol/event.ts';
import type { Clock } from '#shared/time.ts';
import { noteUsed } from '../admin/used-requests.ts';
import type { Database } from '../db/database.ts';
import type { Answer } from '../http/answer.ts';
import type { CityPolicy } from '../policy/policy.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import { NameDoor } from './door.ts';
import type { NameRates } from './door.ts';
import { NameInquiry } from './inquiry.ts';
import type { InquiryPorts } from './inquiry.ts';
import { NameRegister } from './register.ts';

export interface NamesPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly verifier: Verifier;
  readonly log: Log;
  readonly policy: CityPolicy;
  readonly operators: ReadonlySet<string>;
  readonly publicUrl: () => URL;
  /** How other servers are asked. */
  readonly fetch: InquiryPorts['fetch'];
  readonly plainPorts?: ReadonlySet<number>;
  /** Tests hand one in. */
  readonly rates?: NameRates;
}

export interface CityNames {
  /** Answers NIP-05's path and `/api/names`; undefined for every other. */
  handle(request: IncomingMessage, path: string): Promise<Answer> | undefined;
  /** Frees what a key claimed up to a time, which it asked to be forgotten. Throws on I/O. */
  forget(vanishing: { readonly pubkey: string; readonly until: number }): Promise<void>;
  /** Waits for what is being freed. */
  close(): Promise<void>;
}

/** Opens the city's names. */
export const openNames = (ports: NamesPorts): CityNames => {
  const { db, clock, policy, operators, log, rates, fetch, plainPorts, ...rest } = ports;
  const register = new NameRegister({ db, clock });
  const door = new NameDoor({
    ...{ register, policy, clock, log, ...rest },
    inquiry: new NameInquiry({ fetch, ...(plainPorts ? { plainPorts } : {}) }),
    note: noteUsed(db, clock),
    ...(rates ? { rates } : {}),
  });
  let freeing: Promise<void> = Promise.resolve();
  policy.watch(() => {
    freeing = freeing
      .then(() => register.freeBanned(operators))
      .catch((cause: unknown) => log.error('names of banned keys are not free yet', causeOf(cause)));
  });
  return {
    handle: (request, path) => door.handle(request, path),
    forget: ({ pubkey, until }) => register.forget(pubkey, until),
    close: () => freeing,
  };
};
