/** How the city is: for /metrics and /health. */
import { sql } from 'kysely';
import type { Metric } from '../http/metrics.ts';
import type { Parts } from './parts.ts';

/** Everything that is counted. */
export const metricsOf = ({ relay, directory, push }: Parts): Metric[] => {
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

/** True while the database answers. */
export const isHealthy = async ({ ground }: Parts): Promise<boolean> => {
  try {
    await sql`select 1`.execute(ground.db);
    return true;
  } catch {
    return false;
  }
};
