/** What features see of the city and of the person using it. The app's session implements it; tests write a fake. */
import type { Draft, NostrEvent } from '#protocol/event.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Answer, FetchReport, SyncRequest } from '../engine/engine.ts';
import type { SignerKind } from '../keys/signer.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { RefusedEvent } from '../store/queue.ts';
import type { SearchAnswer, SearchQuestion } from '../store/searching.ts';
import type { RowReader, Watched } from '../store/table.ts';

/** The signed-in person. `locked`: the key on this device waits for the passphrase. */
export interface Account {
  readonly pubkey: string;
  readonly signer: SignerKind;
  readonly locked: boolean;
}

export type PublishFailure = Failure<
  | 'no-account'
  | 'locked'
  | 'refused'
  | 'unreachable'
  | 'changed'
  | 'cancelled'
  | 'impossible'
  | 'worker'
  | 'storage'
>;

export interface Published {
  readonly event: NostrEvent;
  /** The relay's word, whenever it comes; offline that may be much later. */
  readonly answer: Promise<Answer>;
}

export interface PublishOptions {
  /** Where to; the city's own relay when absent. */
  readonly relays?: readonly string[];
  /** What the tray calls this work while it is mined, in the person's words; absent where no work is due. */
  readonly title?: string;
  readonly signal?: AbortSignal;
  /** Bits of work that a relay asked for, where that is more than the city's price. */
  readonly work?: number;
  /** The id of a refused event that is given up in the same breath: this one goes out in its place. */
  readonly instead?: string;
  /** Uploads (their hashes) that have to be stored before it is sent: `uploadsOf` in client/media. */
  readonly after?: readonly string[];
}

export interface City extends RowReader {
  readonly name: string;
  /** The city's relay, `ws(s)://…` without trailing slash. */
  readonly relay: string;
  /** The relay's own key: who signs 39000–39005. */
  readonly relayKey: string;
  /** Reactive: undefined for a visitor. */
  readonly account: Account | undefined;
  /** Bits of work this city asks for a kind. */
  workFor(draft: Pick<Draft, 'kind' | 'tags'>): number;
  /** Rows by the words in them, best first: of everything that this device has seen. */
  search(question: SearchQuestion): Promise<SearchAnswer>;
  watch(watched: readonly Watched[], changed: () => void): () => void;
  record(...events: LocalEvent[]): Promise<void>;
  subscribe(request: SyncRequest): () => void;
  /** What nobody stores, as it comes. */
  listen(request: SyncRequest, heard: (event: NostrEvent) => void): () => void;
  /** Says something that nobody stores (kinds 20000–29999) to whom is here now. Only where the key signs without asking; else nothing. */
  say(draft: Draft): Promise<void>;
  fetch(request: SyncRequest): Promise<Result<FetchReport, Failure<'unreachable' | 'refused'>>>;
  /** Mines if the kind asks, signs, logs and queues: durable when it resolves, answered later. */
  publish(draft: Draft, options?: PublishOptions): Promise<Result<Published, PublishFailure>>;
  /** What relays refused and nobody has taken, in the order of signing. */
  refused(): Promise<readonly RefusedEvent[]>;
  retry(id: string): Promise<void>;
  discard(id: string): Promise<void>;
  /** Opens the way in (name and passphrase, or signing in); resolves true once an account is there. */
  requestAccount(reason: 'join' | 'write' | 'create' | 'react'): Promise<boolean>;
}

/** Names and faces of people, reactive: reading one asks for it when unknown. */
export interface People {
  /** A name fit for one line; a short form of the key until one is known. */
  name(pubkey: string): string;
  /** Their own words about themselves. */
  about(pubkey: string): string | undefined;
  /** True once a profile was found. */
  isKnown(pubkey: string): boolean;
  /** Known people whose name starts like this, best first; for mentions. */
  search(prefix: string, among: readonly string[]): { readonly pubkey: string; readonly name: string }[];
}
