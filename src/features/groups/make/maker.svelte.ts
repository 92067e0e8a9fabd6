/** A place in the making: outlives the sheet it was begun in, so that the work goes on and no word is lost. */
import type { City } from '#client/city/city.ts';
import type { GroupProfile } from '#protocol/groups.ts';
import type { Geohash } from '#shared/geohash.ts';
import { modesOf } from '../model/access.ts';
import type { Access } from '../model/access.ts';
import { createGroup, randomLetters } from '../model/commands.ts';
import type { CommandFailure } from '../model/refusals.ts';

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
}

const ID_LENGTH = 14;

export class GroupMaker {
  name = $state('');
  about = $state('');
  access = $state<Access>('open');
  hidden = $state(false);
  stage = $state<MakingStage>('writing');
  failure = $state.raw<CommandFailure | undefined>();
  made = $state.raw<Made | undefined>();
  readonly #city: City;
  readonly #options: GroupMakerOptions;
  #id = randomLetters(ID_LENGTH);
  #abort = new AbortController();

  constructor(city: City, options: GroupMakerOptions = {}) {
    this.#city = city;
    this.#options = options;
  }

  /** The profile as it stands. */
  profile(geohash: Geohash | undefined): GroupProfile {
    return {
      name: this.name.trim(),
      about: this.about.trim(),
      ...(geohash === undefined ? {} : { geohash }),
      modes: modesOf(this.access, this.hidden),
    };
  }

  /** Does the work and sends it; one at a time. What was typed stays until the place is made. */
  async start(geohash: Geohash | undefined): Promise<void> {
    if (this.stage === 'working') return;
    const profile = this.profile(geohash);
    this.stage = 'working';
    this.failure = undefined;
    this.#abort = new AbortController();
    const created = await createGroup(this.#city, profile, {
      id: this.#id,
      signal: this.#abort.signal,
      ...(this.#options.patience === undefined ? {} : { patience: this.#options.patience }),
    });
    if (!created.ok) {
      this.stage = 'writing';
      this.failure = created.error;
      return;
    }
    this.made = { id: this.#id, name: profile.name };
    this.stage = created.value.outcome === 'queued' ? 'queued' : 'made';
    if (this.stage === 'made') this.#options.onmade?.(this.made);
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
    this.stage = 'writing';
    this.failure = undefined;
    this.made = undefined;
    this.#id = randomLetters(ID_LENGTH);
  }
}
