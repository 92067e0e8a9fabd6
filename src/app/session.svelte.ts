/** The city as features see it, for one page: the engine, who is signed in, and how things get published. */
import type { Draft } from '#protocol/event.ts';
import { makeAuth } from '#protocol/relay/auth.ts';
import type { CityInformation } from '#protocol/relay/information.ts';
import { fail } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { Account, City, PublishFailure, PublishOptions, Published } from '#client/city/city.ts';
import type { Engine, EngineStatus, SyncRequest } from '#client/engine/engine.ts';
import type { Signer } from '#client/keys/signer.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { SearchQuestion } from '#client/store/searching.ts';
import type { PartQuery, Table, Watched } from '#client/store/table.ts';
import { workAsked } from './work/publishing.ts';
import type { Publishing } from './work/publishing.ts';

export type AccountReason = Parameters<City['requestAccount']>[0];

/** An open question for an account: the shell shows the way in, and settles it. */
export interface AccountRequest {
  readonly reason: AccountReason;
  settle(given: boolean): void;
}

export class Session implements City {
  readonly relay: string;
  /** The city's time, as far as it is known. */
  readonly clock: Clock;
  information = $state.raw<CityInformation>() as CityInformation;
  account = $state.raw<Account | undefined>();
  status = $state.raw<EngineStatus>({ city: 'connecting', waiting: 0 });
  accountRequest = $state.raw<AccountRequest | undefined>();
  readonly #engine: Engine;
  readonly #publishing: Publishing;
  #signer: Signer | undefined;

  constructor(
    { relay, clock }: { readonly relay: string; readonly clock: Clock },
    information: CityInformation,
    engine: Engine,
    publishing: Publishing,
  ) {
    this.relay = relay;
    this.clock = clock;
    this.information = information;
    this.#engine = engine;
    this.#publishing = publishing;
    engine.watchStatus((status) => (this.status = status));
  }

  get name(): string {
    return this.information.name;
  }

  get relayKey(): string {
    return this.information.self;
  }

  /** Somebody is here and can sign. */
  signIn(signer: Signer): void {
    this.#signer = signer;
    this.account = { pubkey: signer.pubkey, signer: signer.kind, locked: false };
    this.#engine.setAuthenticator((relay, challenge) => this.#authenticate(relay, challenge));
    this.#settleRequest(true);
    this.#publishing.wake();
  }

  /** The signer of this very account, if it is here and open. */
  signerOf(pubkey: string): Signer | undefined {
    return this.#signer?.pubkey === pubkey ? this.#signer : undefined;
  }

  /** Somebody is here, but the key on this device waits for the passphrase. */
  lock(pubkey: string): void {
    this.#forgetSigner();
    this.account = { pubkey, signer: 'device', locked: true };
  }

  signOut(): void {
    this.#forgetSigner();
    this.account = undefined;
  }

  requestAccount(reason: AccountReason): Promise<boolean> {
    if (this.account && !this.account.locked) return Promise.resolve(true);
    this.#settleRequest(false);
    return new Promise((settle) => (this.accountRequest = { reason, settle }));
  }

  /** The person closed the way in. */
  declineAccount(): void {
    this.#settleRequest(false);
  }

  workFor(draft: Pick<Draft, 'kind' | 'tags'>): number {
    return workAsked(draft, this.information.pow);
  }

  async publish(draft: Draft, options?: PublishOptions): Promise<Result<Published, PublishFailure>> {
    if (this.#signer) return this.#publishing.publish(draft, this.#signer, options);
    return this.account
      ? fail('locked', 'Your account is locked on this device.')
      : fail('no-account', 'You have no account here yet.');
  }

  async say(draft: Draft): Promise<void> {
    // An extension or a bunker would ask the person each time.
    if (this.#signer?.kind !== 'device') return;
    const signed = await this.#signer.sign({ ...draft, created_at: this.clock.now() });
    if (signed.ok) await this.#engine.say(signed.value);
  }

  record(...events: LocalEvent[]): Promise<void> {
    return this.#engine.record(events);
  }

  subscribe = (request: SyncRequest) => this.#engine.subscribe(request);
  listen: City['listen'] = (request, heard) => this.#engine.listen(request, heard);
  fetch = (request: SyncRequest) => this.#engine.fetch(request);
  search = (question: SearchQuestion) => this.#engine.search(question);
  watch = (watched: readonly Watched[], changed: () => void) => this.#engine.watch(watched, changed);
  refused = () => this.#engine.refused();
  retry = (id: string) => this.#engine.retry(id);
  discard = (id: string) => this.#engine.discard(id);
  get = <Row>(table: Table<Row>, id: string) => this.#engine.get(table, id);
  getMany = <Row>(table: Table<Row>, ids: readonly string[]) => this.#engine.getMany(table, ids);
  all = <Row>(table: Table<Row>) => this.#engine.all(table);
  part = <Row>(table: Table<Row>, query: PartQuery) => this.#engine.part(table, query);
  count = <Row>(table: Table<Row>, part: string) => this.#engine.count(table, part);

  async #authenticate(relay: string, challenge: string) {
    const signed = await this.#signer?.sign({ ...makeAuth(relay, challenge), created_at: this.clock.now() });
    return signed?.ok ? signed.value : undefined;
  }

  #forgetSigner(): void {
    this.#signer = undefined;
    this.#engine.setAuthenticator(undefined);
  }

  #settleRequest(given: boolean): void {
    this.accountRequest?.settle(given);
    this.accountRequest = undefined;
  }
}
