/** A place in the making: outlives the sheet it was begun in, so that the work goes on and no word is lost. */
import type { City, Published, PublishFailure } from '#client/city/city.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import type { GroupProfile } from '#protocol/groups.ts';
import type { Geohash } from '#shared/geohash.ts';
import type { Result } from '#shared/result.ts';
import { accessOf, modesOf } from '../model/access.ts';
import type { Access } from '../model/access.ts';
import { createGroup, finishGroup, randomLetters } from '../model/commands.ts';
import type { CommandFailure } from '../model/refusals.ts';
import type { Sent } from '../model/send.ts';
import { PlaceDraftKeeper } from './place-draft.ts';
import type { After, DraftMemory, PlaceDraft } from './place-draft.ts';
import { parseCreateGroup } from './unfinished.ts';
import type { UnfinishedPlace } from './unfinished.ts';

/** How the publishing of a place ends; undefined when it has ended already. */
type Ending = () => Promise<Result<Published, PublishFailure>> | undefined;

/** `queued`: signed and safe on this device, the city has not answered yet. */
export type MakingStage = 'writing' | 'working' | 'queued' | 'made';

export interface Made {
  readonly id: string;
  readonly name: string;
}

export interface GroupMakerOptions {
  /** Called when the city has the new place, also when nobody looks at the sheet any more. */
  readonly onmade?: (made: Made) => void;
  /** Milliseconds to wait for the city's word. */
  readonly patience?: number;
  /** Where words are kept that are not a place yet; without it they end with the page. */
  readonly memory?: DraftMemory;
  readonly after?: After;
}

const ID_LENGTH = 14;

export class GroupMaker {
  name = $state('');
  about = $state('');
  access = $state<Access>('open');
  hidden = $state(false);
  /** Its picture's address; it may still be on its way to the city. */
  picture = $state<string>();
  stage = $state<MakingStage>('writing');
  failure = $state.raw<CommandFailure | undefined>();
  made = $state.raw<Made | undefined>();
  /** The cell of the place that is being made. */
  geohash = $state.raw<Geohash | undefined>();
  /** The words were written before this page began. */
  isRestored = $state(false);
  /** The cell that was chosen for them. */
  draftCell = $state.raw<Geohash | undefined>();
  readonly #keeper: PlaceDraftKeeper | undefined;
  readonly #city: City;
  readonly #options: GroupMakerOptions;
  #id = $state.raw(randomLetters(ID_LENGTH));
  #abort = new AbortController();

  constructor(city: City, options: GroupMakerOptions = {}) {
    this.#city = city;
    this.#options = options;
    this.#keeper = options.memory && new PlaceDraftKeeper(options.memory, options.after);
  }

  /** Takes up what was written before this page began. */
  async restore(): Promise<void> {
    const draft = await this.#keeper?.restore();
    if (!draft || this.name !== '' || this.about !== '') return;
    this.#id = draft.id;
    this.name = draft.name;
    this.about = draft.about;
    this.access = draft.access;
    this.hidden = draft.hidden;
    this.picture = draft.picture;
    this.draftCell = draft.geohash;
    this.isRestored = true;
  }

  /** What is written now, and for which cell; kept after a moment. Reads every field: call it from an effect. */
  keep(geohash: Geohash | undefined): void {
    const { name, about, access, hidden, picture } = this;
    if (this.stage === 'queued' || this.stage === 'made') return;
    const more = { ...(picture === undefined ? {} : { picture }), ...(geohash ? { geohash } : {}) };
    const draft: PlaceDraft = { id: this.#id, name, about, access, hidden, ...more };
    this.#keeper?.keep(name.trim() === '' && about.trim() === '' ? undefined : draft);
  }

  /** The page may go away: what waits is written now. */
  async flush(): Promise<void> {
    await this.#keeper?.flush();
  }

  /** The id of the place in the making. */
  get id(): string {
    return this.#id;
  }

  /** The profile as it stands. */
  profile(geohash: Geohash | undefined): GroupProfile {
    return {
      name: this.name.trim(),
      about: this.about.trim(),
      ...(this.picture === undefined ? {} : { picture: this.picture }),
      ...(geohash === undefined ? {} : { geohash }),
      modes: modesOf(this.access, this.hidden),
    };
  }

  /** Does the work and sends it; one at a time. What was typed stays until the place is made. */
  async start(geohash: Geohash | undefined): Promise<void> {
    if (this.stage === 'working') return;
    const profile = this.profile(geohash);
    this.#abort = new AbortController();
    await this.#await(geohash, profile.name, () =>
      createGroup(this.#city, profile, { id: this.#id, signal: this.#abort.signal, ...this.#patience }),
    );
  }

  /**
   * Goes on with a place that is being made already: begun by an earlier page, or stopped and wanted after all. Leaves
   * alone what somebody is writing here.
   */
  takeUp(event: UnsignedEvent, ending: Ending): void {
    const place = parseCreateGroup(event);
    const publishing = place && this.#hasRoomFor(place) ? ending() : undefined;
    if (!place || !publishing) return;
    const { name, about, geohash, modes, picture } = place.profile;
    this.#id = place.id;
    this.name = name;
    this.about = about;
    this.access = accessOf(modes);
    this.hidden = modes.hidden;
    this.picture = picture;
    void this.#await(geohash, name, () => finishGroup(this.#city, place, publishing, this.#options.patience));
  }

  /** Stops the work; what was typed stays. */
  cancel(): void {
    this.#abort.abort();
  }

  /** An empty sheet of paper for another place. */
  reset(): void {
    this.name = '';
    this.about = '';
    this.access = 'open';
    this.hidden = false;
    this.picture = undefined;
    this.stage = 'writing';
    this.failure = undefined;
    this.made = undefined;
    this.geohash = undefined;
    this.draftCell = undefined;
    this.isRestored = false;
    this.#keeper?.keep(undefined);
    this.#id = randomLetters(ID_LENGTH);
  }

  get #patience(): { patience?: number } {
    return this.#options.patience === undefined ? {} : { patience: this.#options.patience };
  }

  /** Nothing is written here, or these very words. */
  #hasRoomFor({ id, profile }: UnfinishedPlace): boolean {
    if (this.stage !== 'writing') return false;
    if (id !== this.#id) return this.name === '' && this.about === '';
    return profile.name === this.name.trim() && profile.about === this.about.trim();
  }

  async #await(
    geohash: Geohash | undefined,
    name: string,
    work: () => Promise<Result<Sent, CommandFailure>>,
  ): Promise<void> {
    const made = { id: this.#id, name };
    this.stage = 'working';
    this.failure = undefined;
    this.geohash = geohash;
    const sent = await work();
    if (!sent.ok) {
      this.stage = 'writing';
      this.failure = sent.error;
      return;
    }
    this.made = made;
    this.stage = 'queued';
    this.#keeper?.keep(undefined);
    if (sent.value.outcome !== 'queued') this.#tellMade(made);
    else void sent.value.word?.then((late) => late.ok && this.#tellMade(made));
  }

  #tellMade(made: Made): void {
    if (this.made?.id === made.id) this.stage = 'made';
    this.#options.onmade?.(made);
  }
}
