/** My profile and what is still to be published of it; survives a closed tab. */
import type { City, PublishFailure } from '#client/city/city.ts';
import { currentVersion, listKey, listsTable, ownKeysTable } from '#client/city/lists-table.ts';
import { publishMerged } from '#client/city/merge.ts';
import { pictureUpload } from '#client/media/media.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { makeInboxRelays, makeRelayList } from '#protocol/lists.ts';
import { checkProfile, makeProfile, parseProfile } from '#protocol/profiles.ts';
import type { Profile } from '#protocol/profiles.ts';
import { parseReason } from '#protocol/reasons.ts';
import type { Failure, Result } from '#shared/result.ts';
import { Live } from '#ui/live.svelte.ts';
import { identityTable, PROFILE_WANTED, listWritesTable } from './tables.ts';
import type { IdentityRow } from './tables.ts';

interface Records {
  readonly identity: IdentityRow | undefined;
  readonly published: Profile | undefined;
}

export type ProfileProblem = Pick<PublishFailure, 'code' | 'message'>;

const WATCHED = [listsTable, identityTable, listWritesTable].map(({ name }) => ({ table: name }));

/** One signed-in person's own profile. `stop` it when they leave. */
export class OwnProfile {
  readonly pubkey: string;
  /** What hindered the last try; the wish stays and is tried again. */
  problem = $state.raw<ProfileProblem | undefined>();
  /** Work or sending is under way. */
  isBusy = $state(false);
  readonly #city: City;
  readonly #title: () => string;
  readonly #live: Live<Records>;
  #abort: AbortController | undefined;

  constructor(city: City, pubkey: string, title: () => string) {
    this.#city = city;
    this.pubkey = pubkey;
    this.#title = title;
    this.#live = new Live(
      () => this.#load(),
      (changed) => city.watch(WATCHED, changed),
    );
  }

  /** True once this device has looked. */
  get isLoaded(): boolean {
    return this.#live.value !== undefined;
  }

  /** What the person last asked for, published or not. */
  get shown(): Profile {
    return { ...this.#live.value?.published, ...this.#live.value?.identity?.wanted };
  }

  /** A wish that is not signed yet. */
  get isWaiting(): boolean {
    return this.#live.value?.identity?.wanted !== undefined;
  }

  /** Unix seconds; undefined while the recovery file was never saved here. */
  get recoverySavedAt(): number | undefined {
    return this.#live.value?.identity?.recoverySavedAt;
  }

  /** Writes the wish down, then publishes it with its work. Fails at once only on a bad name or text. */
  async save(profile: Profile): Promise<Result<Profile, Failure<'name' | 'about'>>> {
    const before = (await this.#city.get(identityTable, this.pubkey))?.wanted;
    const wanted = { ...before, ...profile };
    const checked = checkProfile(wanted);
    if (!checked.ok) return checked;
    const value = { pubkey: this.pubkey, profile: wanted };
    await this.#city.record({ type: 'SettingChanged', v: 1, name: PROFILE_WANTED, value });
    this.#abort?.abort();
    void this.publishWanted();
    return checked;
  }

  /** Writes an address (NIP-05) into the profile; an empty one takes it away. Fails as `save` does where there is no name yet. */
  saveAddress(nip05: string): Promise<Result<Profile, Failure<'name' | 'about'>>> {
    return this.save({ ...(this.shown.name === undefined ? {} : { name: this.shown.name }), nip05 });
  }

  /** Publishes what is still waiting, if anything. */
  async publishWanted(): Promise<void> {
    const wanted = (await this.#city.get(identityTable, this.pubkey))?.wanted;
    if (!wanted) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.isBusy = true;
    this.problem = undefined;
    const result = await publishMerged(
      this.#city,
      kinds.PROFILE,
      (previous) => makeProfile(wanted, previous),
      {
        title: this.#title(),
        signal: abort.signal,
        ...pictureUpload(wanted.picture),
      },
    );
    if (this.#abort !== abort) return;
    this.isBusy = false;
    if (!result.ok) this.problem = result.error;
    else void result.value.answer.then((answer) => this.#note(answer));
  }

  /** For a key made here: says where its person reads, writes and gets sealed messages, once. */
  async settleHome(): Promise<void> {
    if (!(await this.#city.get(ownKeysTable, this.pubkey))) return;
    await this.#settle(kinds.RELAY_LIST, makeRelayList);
    await this.#settle(kinds.INBOX_RELAYS, makeInboxRelays);
  }

  /** Stops work and watching. */
  stop(): void {
    this.#abort?.abort();
    this.#live.stop();
  }

  async #settle(kind: number, make: (relay: string, previous?: NostrEvent) => Draft): Promise<void> {
    if (currentVersion(await this.#city.get(listsTable, listKey(this.pubkey, kind)))) return;
    await publishMerged(this.#city, kind, (previous) => make(this.#city.relay, previous));
  }

  #note(answer: Result<unknown, Failure<'refused' | 'discarded'>>): void {
    if (!answer.ok && answer.error.code === 'refused')
      this.problem = { code: 'refused', message: parseReason(answer.error.message).message };
  }

  async #load(): Promise<Records> {
    const identity = await this.#city.get(identityTable, this.pubkey);
    const event = currentVersion(await this.#city.get(listsTable, listKey(this.pubkey, kinds.PROFILE)));
    const profile = event ? parseProfile(event) : undefined;
    return { identity, published: profile?.ok ? profile.value : undefined };
  }
}
