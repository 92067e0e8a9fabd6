/** One open place: what it is, who is in it, what I am here and may do. */
import type { City } from '#client/city/city.ts';
import type { SyncRequest } from '#client/engine/engine.ts';
import { groupRequestsFilter, groupStateFilter } from '#protocol/groups.ts';
import type { GroupMember } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { Live } from '#ui/live.svelte.ts';
import { isAdmin, isHere, mayRead, mayWrite, standingOf } from '../model/standing.ts';
import type { Standing } from '../model/standing.ts';
import type { GroupRow, OwnActionRow, RequestRow } from '../model/tables.ts';
import { factTables, noFacts, OWN_ACTIONS, readFacts, REQUESTS } from './facts.ts';
import type { Facts } from './facts.ts';

/**
 * `loading`: nothing is known yet; `here`; `deleted`: it has ended; `unknown`: the city shows no such place (there is none,
 * or it is hidden from others); `unreachable`: the city does not answer and this device knows nothing of it.
 */
export type Presence = 'loading' | 'here' | 'deleted' | 'unknown' | 'unreachable';

/** Why a person can't write here now; undefined: they can. */
export type WriteBar = 'gone' | 'no-account' | 'visitor' | 'asked' | 'refused';

/** A place while somebody looks at it. `stop` when they no longer do. */
export class GroupController {
  readonly id: string;
  readonly #city: City;
  readonly #live: Live<Facts>;
  /** What the city said when asked for this place. */
  #word = $state<'asking' | 'there' | 'nothing' | 'silent'>('asking');
  #me = $state<string>();
  #changed: () => void = () => undefined;
  #releases: (() => void)[] = [];
  #subscribed = '';

  constructor(city: City, id: string) {
    this.id = id;
    this.#city = city;
    this.#me = city.account?.pubkey;
    this.#live = new Live(
      () => this.#load(),
      (changed) => this.#listen(changed),
    );
    void this.#ask();
  }

  /** Undefined until it is known, and once it is gone. */
  get group(): GroupRow | undefined {
    const { group } = this.#facts;
    return group && isHere(group) ? group : undefined;
  }

  get presence(): Presence {
    if (this.#facts.group?.deletedAt !== undefined) return 'deleted';
    if (this.#word === 'nothing') return 'unknown';
    if (this.group) return 'here';
    return this.#word === 'silent' ? 'unreachable' : 'loading';
  }

  /** Everybody who is in it, admins first. */
  get members(): readonly GroupMember[] {
    return this.#facts.people;
  }

  get standing(): Standing {
    return standingOf({ ...this.#facts, me: this.#me });
  }

  get isAdmin(): boolean {
    return this.standing.is === 'admin';
  }

  /** True when an admin's place is the only one left: nobody else could look after it. */
  get isLastAdmin(): boolean {
    return this.isAdmin && this.members.filter(isAdmin).length === 1;
  }

  get canRead(): boolean {
    return this.group !== undefined && mayRead(this.group.modes, this.standing.is);
  }

  get canWrite(): boolean {
    return this.whyNotWrite === undefined;
  }

  get whyNotWrite(): WriteBar | undefined {
    if (!this.group) return 'gone';
    if (this.#me === undefined) return 'no-account';
    const { is } = this.standing;
    if (is === 'member' || is === 'admin' || mayWrite(this.group.modes, is)) return undefined;
    return is;
  }

  /** Requests that wait for an admin, oldest first; empty for everybody else. */
  get requests(): readonly RequestRow[] {
    return this.isAdmin ? this.#facts.waiting : [];
  }

  /** Whose standing this is about; call it when the account changes. */
  follow(me: string | undefined): void {
    if (me === this.#me) return;
    this.#me = me;
    this.#changed();
    void this.#ask();
  }

  /** Asks the city once more whether the place is there. */
  retry(): void {
    void this.#ask();
  }

  /** Ends every subscription. */
  stop(): void {
    this.#live.stop();
    this.#release();
    this.#subscribed = 'stopped';
  }

  async #ask(): Promise<void> {
    if (this.#word !== 'there') this.#word = 'asking';
    const answer = await this.#city.fetch({ filters: [groupStateFilter(this.id, this.#city.relayKey)] });
    this.#word = !answer.ok ? 'silent' : answer.value.received > 0 ? 'there' : 'nothing';
    this.#changed();
  }

  #listen(changed: () => void): () => void {
    this.#changed = changed;
    return this.#city.watch(factTables(this.id), changed);
  }

  get #facts(): Facts {
    return this.#live.value ?? noFacts;
  }

  async #load(): Promise<Facts> {
    const me = this.#me;
    const facts = await readFacts(this.#city, this.id, me);
    this.#subscribe(me, facts.people, facts.own);
    return facts;
  }

  /** What is asked for depends on who asks: everybody the state, I my own requests, an admin those of others. */
  #subscribe(me: string | undefined, people: readonly GroupMember[], own: readonly OwnActionRow[]): void {
    const isAdminHere = people.some((member) => member.pubkey === me && isAdmin(member));
    const asks = own.flatMap(({ id, what }) => (what === 'join' ? [id] : []));
    const wanted = JSON.stringify([me, isAdminHere, asks]);
    if (wanted === this.#subscribed || this.#subscribed === 'stopped') return;
    this.#subscribed = wanted;
    const before = this.#releases;
    this.#releases = this.#wishes(me, isAdminHere, asks).map((request) => this.#city.subscribe(request));
    for (const release of before) release();
  }

  #wishes(me: string | undefined, isAdminHere: boolean, asks: readonly string[]): SyncRequest[] {
    const here = { '#h': [this.id] };
    const state = {
      filters: [groupStateFilter(this.id, this.#city.relayKey), { kinds: [kinds.DELETE_GROUP], ...here }],
    };
    if (me === undefined) return [state];
    if (isAdminHere)
      return [
        state,
        {
          filters: [groupRequestsFilter(this.id), { kinds: [kinds.DELETE_EVENT], ...here, limit: REQUESTS }],
        },
      ];
    return [
      state,
      {
        filters: [
          { kinds: [kinds.PUT_USER, kinds.REMOVE_USER], ...here, '#p': [me], limit: OWN_ACTIONS },
          { kinds: [kinds.JOIN_REQUEST, kinds.LEAVE_REQUEST], ...here, authors: [me], limit: OWN_ACTIONS },
          ...(asks.length > 0 ? [{ kinds: [kinds.DELETE_EVENT], ...here, '#e': asks }] : []),
        ],
      },
    ];
  }

  #release(): void {
    for (const release of this.#releases) release();
    this.#releases = [];
  }
}
