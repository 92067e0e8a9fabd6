/** What relays need of the machine; tests hand in their own. */
import type { NostrEvent } from '#protocol/event.ts';

/** The part of a WebSocket that is used; a `WebSocket` fits. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

type SocketFactory = (url: string) => Socket;

/** Whether the machine has a network at all. */
export interface Network {
  isOnline(): boolean;
  /** Calls back when that changes. Returns the way to stop. */
  watch(changed: () => void): () => void;
}

export interface RelayPorts {
  readonly sockets: SocketFactory;
  readonly network: Network;
  /** A number from 0 up to 1, for jitter. */
  readonly random: () => number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Signs a NIP-42 answer; undefined when nobody can. */
export type Authenticator = (relay: string, challenge: string) => Promise<NostrEvent | undefined>;

/** `offline`: the machine has no network; `connecting`: trying, or waiting to try again; `open`: the relay is there. */
export type LinkState = 'offline' | 'connecting' | 'open';
