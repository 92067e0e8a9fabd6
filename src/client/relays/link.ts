/**
 * One WebSocket kept alive: opened, lost, tried again with backoff, at once when the network is back; a silent one is
 * asked for a sign of life and given up when none comes.
 */
import { Backoff } from './backoff.ts';
import type { LinkState, RelayPorts, Socket } from './ports.ts';

/** Milliseconds. */
const OPEN_TIMEOUT = 10_000;
const SILENCE = 30_000;
const SIGN_OF_LIFE = 10_000;
const RETRY_LEAST = 500;
const RETRY_MOST = 30_000;

/** What the link tells its owner. */
export interface LinkListener {
  opened(): void;
  closed(): void;
  /** One text frame. */
  received(frame: string): void;
  stateChanged(state: LinkState): void;
  /** A frame that any relay answers. */
  ping(): string;
}

type Timer = ReturnType<typeof setTimeout> | undefined;

export class Link {
  readonly #url: string;
  readonly #ports: RelayPorts;
  readonly #listener: LinkListener;
  readonly #backoff: Backoff;
  #socket: Socket | undefined;
  #state: LinkState = 'connecting';
  #retry: Timer;
  #watch: Timer;
  #heard = 0;
  #stopNetwork: (() => void) | undefined;

  constructor(url: string, ports: RelayPorts, listener: LinkListener) {
    this.#url = url;
    this.#ports = ports;
    this.#listener = listener;
    this.#backoff = new Backoff(RETRY_LEAST, RETRY_MOST, ports.random);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** True while it waits after several failures in a row: an answer within seconds is not to be hoped for. */
  get isFailing(): boolean {
    return this.#state === 'offline' || (this.#retry !== undefined && this.#backoff.failures > 1);
  }

  /** Opens, and keeps open until `stop`. */
  start(): void {
    this.#stopNetwork ??= this.#ports.network.watch(() => this.#networkChanged());
    this.#connect();
  }

  /** Closes for good. */
  stop(): void {
    this.#stopNetwork?.();
    this.#stopNetwork = undefined;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#drop();
  }

  /** Closes and opens anew at once, e.g. to forget who was authenticated. */
  restart(): void {
    this.#drop();
    this.#backoff.reset();
    this.#connect();
  }

  /** Closes a relay that misbehaves, and tries again later. */
  giveUp(): void {
    this.#drop();
    this.#retryLater();
  }

  /** Sends a frame; false when not open. */
  send(frame: string): boolean {
    if (this.#state !== 'open' || !this.#socket) return false;
    this.#socket.send(frame);
    return true;
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (this.#socket) return;
    if (!this.#ports.network.isOnline()) return this.#setState('offline');
    this.#setState('connecting');
    let socket: Socket;
    try {
      socket = this.#ports.sockets(this.#url);
    } catch {
      return this.#retryLater(); // an address that cannot be opened here, e.g. ws:// from an https:// page
    }
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#received(data);
    socket.onclose = () => this.giveUp();
    this.#watch = setTimeout(() => this.giveUp(), OPEN_TIMEOUT);
  }

  #opened(): void {
    this.#heard = this.#ports.now();
    this.#setState('open');
    this.#listen(SILENCE);
    this.#listener.opened();
  }

  #received(data: unknown): void {
    this.#heard = this.#ports.now();
    this.#backoff.reset(); // only a relay that speaks has been reached
    if (typeof data === 'string') this.#listener.received(data);
  }

  #listen(wait: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#checkLife(), wait);
  }

  #checkLife(): void {
    const silent = this.#ports.now() - this.#heard;
    if (silent < SILENCE) return this.#listen(SILENCE - silent);
    const asked = this.#ports.now();
    this.send(this.#listener.ping());
    this.#watch = setTimeout(() => {
      if (this.#heard >= asked) this.#listen(SILENCE);
      else this.giveUp();
    }, SIGN_OF_LIFE);
  }

  #networkChanged(): void {
    if (this.#ports.network.isOnline()) {
      this.#backoff.reset();
      this.#connect();
    } else {
      this.#drop();
      clearTimeout(this.#retry);
      this.#retry = undefined;
      this.#setState('offline');
    }
  }

  #retryLater(): void {
    if (!this.#stopNetwork || this.#retry !== undefined || this.#state === 'offline') return;
    this.#retry = setTimeout(() => this.#connect(), this.#backoff.next());
  }

  /** Lets go of the socket; whatever it still says is not heard. */
  #drop(): void {
    const socket = this.#socket;
    clearTimeout(this.#watch);
    if (!socket) return;
    this.#socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    const wasOpen = this.#state === 'open';
    this.#setState('connecting');
    if (wasOpen) this.#listener.closed();
  }

  #setState(state: LinkState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#listener.stateChanged(state);
  }
}
