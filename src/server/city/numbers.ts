/** How the city is: for /metrics and /health. */
import { sql } from 'kysely';
import { makeHealth } from '../http/health.ts';
import type { Metric } from '../telemetry/metrics.ts';
import type { Parts } from './parts.ts';

const gauge = (name: string, help: string, value: number): Metric => ({ name, help, value, type: 'gauge' });
const counter = (name: string, help: string, value: number): Metric => ({
  ...gauge(name, help, value),
  type: 'counter',
});

const ofRelay = ({ relay, directory, ledger }: Parts): Metric[] => {
  const { counters, live, lookups, turns } = relay.context;
  return [
    gauge('connections', 'Open WebSockets.', relay.connections),
    gauge('subscriptions', 'Open subscriptions.', live.size),
    gauge('places', 'Places, deleted ones too.', directory.size),
    gauge('ledger_waiting', 'Events that wait to be judged.', ledger.waiting),
    gauge('lookups_waiting', 'Reconciliations that wait to look into the store.', lookups.waiting),
    gauge('questions_waiting', 'Questions that wait for their turn.', turns.waiting),
    counter('messages_received_total', 'Frames from clients.', counters.received),
    counter('messages_sent_total', 'Frames to clients.', counters.sent),
    counter('events_accepted_total', 'Events stored.', counters.accepted),
    counter('events_refused_total', 'Events refused.', counters.refused),
  ];
};

/** What is asked for a sign of life. */
const checksOf = ({ ground, bus, config }: Parts) => ({
  database: () => sql`select 1`.execute(ground.db),
  ...(config.redisUrl !== undefined && config.databaseUrl !== undefined
    ? { redis: () => (bus.isOpen() ? Promise.resolve() : Promise.reject(new Error('no line to Redis'))) }
    : {}),
});

/** The two questions an operator's machines ask: which parts are away, and all numbers as text. */
export const numbersOf = (parts: Parts) => {
  const away = makeHealth(checksOf(parts));
  const ofDatabase = async (): Promise<Metric[]> => {
    const begun = performance.now();
    const missing = await away();
    const took = (performance.now() - begun) / 1000;
    return [
      gauge('database_up', 'Whether the database answers.', missing.includes('database') ? 0 : 1),
      gauge('database_answer_seconds', 'How long the database took to answer just now.', took),
    ];
  };
  // Without a database there are no figures of files, but all the others.
  const ofFiles = (): Promise<Metric[]> => parts.media.metrics().catch(() => []);
  const metrics = async (): Promise<string> =>
    parts.numbers.text([
      ...ofRelay(parts),
      ...parts.push.metrics(),
      ...(await ofFiles()),
      ...(await ofDatabase()),
    ]);
  return { away, metrics };
};
