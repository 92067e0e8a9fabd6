/** A city in this page's memory that takes everything after real work: for looking at identity and settings. */
import type { Account, City } from '#client/city/city.ts';
import { DeviceSigner } from '#client/keys/device-signer.ts';
import type { Signer } from '#client/keys/signer.ts';
import type { Miner } from '#client/mining/miner.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { RowWriter, Table } from '#client/store/table.ts';
import { identityProjection } from '#features/identity/projection.ts';
import { settingsProjection } from '#features/settings/projection.ts';
import { requiredWork } from '#protocol/proof-of-work.ts';
import { fail, ok } from '#shared/result.ts';

const now = () => Math.floor(Date.now() / 1000);

const memoryRows = (): RowWriter => {
  const tables = new Map<string, Map<string, unknown>>();
  const rows = <Row>({ name }: Table<Row>): Map<string, Row> => {
    const found = (tables.get(name) ?? new Map()) as Map<string, Row>;
    tables.set(name, found as Map<string, unknown>);
    return found;
  };
  return {
    get: (table, id) => Promise.resolve(rows(table).get(id)),
    getMany: (table, ids) => Promise.resolve(ids.map((id) => rows(table).get(id))),
    all: (table) => Promise.resolve([...rows(table).values()]),
    part: () => Promise.resolve([]),
    count: () => Promise.resolve(0),
    forget: () => undefined,
    put: (table, row) => void rows(table).set(table.id(row), row),
    delete: (table, id) => void rows(table).delete(id),
  };
};

/** A city that is also a seat. */
export class MadeUpCity implements City {
  readonly name = 'Synchrono City';
  readonly relay = 'wss://city.example';
  readonly relayKey = 'ce'.repeat(32);
  account: Account | undefined;
  readonly #rows = memoryRows();
  readonly #watchers = new Set<() => void>();
  readonly #miner: Miner;
  #signer: Signer | undefined;

  constructor(miner: Miner) {
    this.#miner = miner;
  }

  get = this.#rows.get;
  getMany = this.#rows.getMany;
  all = this.#rows.all;
  part = this.#rows.part;
  count = this.#rows.count;
  search = () => Promise.resolve({ hits: [], total: 0, all: false, phrases: [] });
  workFor = requiredWork;
  fetch = () => Promise.resolve(ok({ received: 0 }));
  subscribe = () => () => undefined;
  listen = () => () => undefined;
  say = () => Promise.resolve();
  refused = () => Promise.resolve([]);
  retry = () => Promise.resolve();
  discard = () => Promise.resolve();
  requestAccount = () => Promise.resolve(this.account !== undefined);

  signIn(signer: Signer): void {
    this.#signer = signer;
    this.account = { pubkey: signer.pubkey, signer: signer.kind, locked: false };
  }
  lock(pubkey: string): void {
    this.#signer = undefined;
    this.account = { pubkey, signer: 'device', locked: true };
  }
  signOut(): void {
    this.#signer = undefined;
    this.account = undefined;
  }

  watch: City['watch'] = (_watched, changed) => {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  };

  async record(...events: LocalEvent[]): Promise<void> {
    for (const event of events)
      for (const projection of [identityProjection, settingsProjection])
        await projection.project(this.#rows, event);
    this.#watchers.forEach((changed) => changed());
  }

  publish: City['publish'] = async (draft, { signal } = {}) => {
    const signer = this.#signer;
    if (!(signer instanceof DeviceSigner)) return fail('no-account', 'nobody is signed in');
    const unsigned = { ...draft, pubkey: signer.pubkey, created_at: draft.created_at ?? now() };
    const mined = await this.#miner.mine(unsigned, requiredWork(draft), signal ? { signal } : {});
    if (!mined.ok) return mined;
    const signed = await signer.sign(mined.value);
    if (!signed.ok) return signed;
    await this.record({ type: 'EventSigned', v: 1, event: signed.value, relays: [this.relay] });
    await this.record({ type: 'EventAccepted', v: 1, id: signed.value.id, relay: this.relay, note: '' });
    return ok({ event: signed.value, answer: Promise.resolve(ok({ note: '' })) });
  };
}
