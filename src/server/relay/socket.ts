/** The relay's door on the network: WebSockets by `ws`, at the upgrade of `/`. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';
import type { Peer } from './connection.ts';
import { LIMITS } from './limits.ts';
import { addressOf, hostsOf } from './peer-address.ts';
import type { Relay } from './relay.ts';

const PING_EVERY_MS = 30_000;
const ROOM = 1024 * 1024;
const ROOM_CHECK_MS = 5;
/** Bytes unread, beyond which a farewell would only wait behind them. */
const HOPELESS = 64 * 1024;
/** How long a stopping city waits for its last answers: one that doesn't read must not keep it open. */
const LAST_ANSWERS_MS = 5000;

const patienceOf = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());

class SocketPeer implements Peer {
  readonly address: string;
  readonly hosts: readonly string[];
  #socket: WebSocket;

  constructor(socket: WebSocket, request: IncomingMessage, publicUrl: URL) {
    this.#socket = socket;
    this.address = addressOf(request);
    this.hosts = hostsOf(request, publicUrl);
  }

  unsent(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string | Buffer): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame, { binary: false });
  }

  async room(): Promise<void> {
    while (this.#socket.readyState === WebSocket.OPEN && this.unsent() > ROOM)
      await new Promise((resolve) => setTimeout(resolve, ROOM_CHECK_MS));
  }

  /** A peer that reads nothing reads no farewell either: the line is cut soon after, or at once where much waits for it. */
  close(code: number, reason: string): void {
    if (this.unsent() > HOPELESS) return this.#socket.terminate();
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), 1000).unref();
  }
}

const asText = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);

export class SocketDoor {
  #relay: Relay;
  #publicUrl: () => URL;
  #server = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.readableFrame,
    perMessageDeflate: false,
  });
  #answering = new Set<Promise<void>>();
  #heartbeat: NodeJS.Timeout;
  #stopping = false;

  constructor(relay: Relay, publicUrl: () => URL) {
    this.#relay = relay;
    this.#publicUrl = publicUrl;
    this.#heartbeat = setInterval(() => this.#ping(), PING_EVERY_MS).unref();
  }

  /** Takes an HTTP upgrade over. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (this.#stopping) return refuseUpgrade(socket, '503 Service Unavailable');
    const { limiters, seats, ports } = this.#relay.context;
    const address = addressOf(request);
    if (ports.policy.isBlocked(address)) return refuseUpgrade(socket, '403 Forbidden');
    if (!limiters.connections.take(address) || !seats.take(address))
      return refuseUpgrade(socket, '429 Too Many Requests');
    socket.once('close', () => seats.give(address));
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(opened, request));
  }

  /** Ends the connections of addresses that are blocked by now. */
  recheck(): void {
    const { policy } = this.#relay.context.ports;
    for (const socket of this.#server.clients)
      if (policy.isBlocked(addresses.get(socket) ?? ''))
        socket.close(1008, 'blocked: by the operators of this city');
  }

  /** Takes no more messages, lets every accepted one be answered, then says goodbye. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#heartbeat);
    await Promise.race([Promise.allSettled(this.#answering), patienceOf(LAST_ANSWERS_MS)]);
    for (const socket of this.#server.clients) socket.close(1001, 'the city is stopping');
    const patience = setTimeout(() => this.#server.clients.forEach((socket) => socket.terminate()), 500);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.#gone();
    clearTimeout(patience);
  }

  async #gone(): Promise<void> {
    const closed = [...this.#server.clients].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    await Promise.all(closed);
  }

  #open(socket: WebSocket, request: IncomingMessage): void {
    const connection = this.#relay.connect(new SocketPeer(socket, request, this.#publicUrl()));
    let unanswered = 0;
    responsive.add(socket);
    addresses.set(socket, addressOf(request));
    socket.on('pong', () => responsive.add(socket));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#relay.disconnect(connection));
    socket.on('message', (data, isBinary) => {
      if (this.#stopping) return;
      if (isBinary) return connection.refuseBinary();
      const bytes = asText(data);
      const answer = connection.receive(bytes.toString('utf8'), bytes.length);
      this.#answering.add(answer);
      if (++unanswered >= LIMITS.unanswered) socket.pause();
      void answer.finally(() => {
        this.#answering.delete(answer);
        if (--unanswered < LIMITS.unanswered / 2 && socket.isPaused) socket.resume();
      });
    });
  }

  #ping(): void {
    for (const socket of this.#server.clients) {
      // Who is not listened to just now cannot be heard to answer either.
      if (!responsive.has(socket) && !socket.isPaused) socket.terminate();
      responsive.delete(socket);
      socket.ping();
    }
  }
}

const addresses = new WeakMap<WebSocket, string>();
/** Sockets that have answered since the last ping. */
const responsive = new WeakSet<WebSocket>();

const refuseUpgrade = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};
