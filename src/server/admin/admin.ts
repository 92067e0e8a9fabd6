/** The operators' side of the city, wired: decisions, reports, numbers, the door to them. */
import type { IncomingMessage } from 'node:http';
import type { Verifier } from '#protocol/event.ts';
import type { Clock } from '#shared/time.ts';
import type { CityKey } from '../city-key.ts';
import type { Database } from '../db/database.ts';
import type { GroupReader } from '../groups/directory.ts';
import type { Answer } from '../http/answer.ts';
import type { SignedRates } from '../http/signed-requests.ts';
import type { JobBook } from '../jobs/job-book.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CityPolicy } from '../policy/policy.ts';
import type { Log } from '../telemetry/log.ts';
import { Desk } from './desk.ts';
import { AdminDoor } from './door.ts';
import type { OverviewPorts } from './overview.ts';
import type { OperatorsFiles } from './page.ts';
import { Removal } from './removal.ts';
import { Reports } from './reports.ts';
import { StatisticsKeeper } from './statistics.ts';
import { noteUsed } from './used-requests.ts';

export interface AdminPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly key: CityKey;
  readonly ledger: Ledger;
  readonly directory: GroupReader;
  readonly policy: CityPolicy;
  readonly jobs: JobBook;
  readonly verifier: Verifier;
  readonly publicUrl: () => URL;
  readonly operators: readonly string[];
  /** The city's name and description without anybody's decision. */
  readonly name: string;
  readonly description: string;
  readonly live: OverviewPorts['live'];
  readonly files: OperatorsFiles;
  /** Lets the city's other processes know that decisions have changed (they call `CityPolicy.reload`). */
  readonly tellOthers?: () => void;
  readonly rates?: SignedRates;
}

export interface CityAdmin {
  /** Answers `/api/admin/…` and NIP-86's POST to `/`; undefined for everything else. */
  handle(request: IncomingMessage, path: string): Promise<Answer> | undefined;
  /** What is to be done now and then: other processes' decisions, what was taken away, the counts. Throws on I/O. */
  tend(): Promise<void>;
}

/** Wires it; nothing is read or written yet. */
export const openAdmin = (ports: AdminPorts): CityAdmin => {
  const { db, clock, log, key, ledger, directory, policy, jobs, verifier, publicUrl, live } = ports;
  const operators = new Set(ports.operators);
  const removal = new Removal({ db, ledger, places: directory, key, clock });
  const { name, description, tellOthers = () => undefined } = ports;
  const desk = new Desk({ db, clock, policy, removal, name, description, tellOthers });
  const reports = new Reports({ db, clock, access: { places: directory, operators } });
  const statistics = new StatisticsKeeper({ db, clock, jobs });
  const door = new AdminDoor({
    ...{ db, clock, log, jobs, live, desk, reports, files: ports.files, operators, statistics },
    signing: { clock, verifier, publicUrl, note: noteUsed(db, clock) },
    ...(ports.rates ? { rates: ports.rates } : {}),
  });
  return {
    handle: (request, path) => door.handle(request, path),
    tend: async () => {
      await policy.reload();
      await removal.announce();
      await removal.forget();
      await statistics.tend();
    },
  };
};
