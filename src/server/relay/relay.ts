/** The relay, free of transport: peers come with a way to send, frames go in, frames come out. */
import { randomBytes } from 'node:crypto';
import type { NostrEvent } from '#protocol/event.ts';
import { Connection } from './connection.ts';
import type { Peer } from './connection.ts';
import { makeContext } from './context.ts';
import type { RelayContext, RelayPorts } from './context.ts';

export class Relay {
  readonly context: RelayContext;
  #connections = new Set<Connection>();

  constructor(ports: RelayPorts) {
    this.context = makeContext(ports);
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Takes a peer in and greets it with an AUTH challenge (NIP-42). */
  connect(peer: Peer): Connection {
    const connection = new Connection(this.context, peer, randomBytes(16).toString('hex'));
    this.#connections.add(connection);
    this.context.unread.join(connection);
    connection.greet();
    return connection;
  }

  disconnect(connection: Connection): void {
    connection.end();
    this.#connections.delete(connection);
    this.context.unread.leave(connection);
  }

  /** Passes on an ephemeral event that another process has judged. */
  pass(event: NostrEvent): void {
    this.context.live.deliver(event);
  }

  /** Sends committed events to whoever asked and may see them; ends what somebody may not see any more. */
  deliver(events: readonly NostrEvent[], changed: readonly string[]): void {
    for (const event of events) this.context.live.deliver(event);
    if (changed.length > 0) for (const connection of this.#connections) connection.recheck(changed);
  }
}
