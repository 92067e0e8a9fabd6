/** All places of the city, live, for the map, the search and my own list. */
import type { City } from '#client/city/city.ts';
import { groups, members } from '../model/tables.ts';
import type { Place } from './place.ts';
import { Shelf } from './shelf.ts';
import { PlacesSync } from './sync.ts';
import type { PlacesSyncOptions } from './sync.ts';

export interface PlacesOptions extends PlacesSyncOptions {
  /** Milliseconds in which changes are gathered. */
  readonly gather?: number;
  /** Milliseconds without a change after which what was read counts as complete. */
  readonly quiet?: number;
}

const GATHER_MS = 100;
const QUIET_MS = 4000;

export class Places {
  /** Every place that is there; a new array whenever one of them changed. */
  all = $state.raw<readonly Place[]>([]);
  /** False until the rows of this device were read once. */
  isReady = $state(false);
  /** True until the city told everything once and its rows were read; until then there may be more. */
  isReading = $state(true);

  readonly #city: City;
  readonly #shelf: Shelf;
  readonly #sync: PlacesSync;
  readonly #gather: number;
  readonly #quiet: number;
  #me: string | undefined;
  #due = { groups: true, companies: true };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #reading: Promise<void> | undefined;
  #stopped = false;
  /** The city has told everything; its rows may still be on their way through the store. */
  #isTold = false;
  #ending: ReturnType<typeof setTimeout> | undefined;

  constructor(city: City, { gather = GATHER_MS, quiet = QUIET_MS, ...sync }: PlacesOptions = {}) {
    this.#city = city;
    this.#shelf = new Shelf(city);
    this.#sync = new PlacesSync(city, sync);
    this.#gather = gather;
    this.#quiet = quiet;
  }

  /** Those I am in, by name. */
  get mine(): Place[] {
    return this.all.filter(({ own }) => own).sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Starts reading rows and asking the city. Returns the way to stop. Follows the account where effects run. */
  start(): () => void {
    const unwatch = this.#city.watch([{ table: groups.name }, { table: members.name }], () => {
      this.#due = { groups: true, companies: true };
      this.#schedule(this.#gather);
    });
    this.follow(this.#city.account?.pubkey);
    const stopFollowing = $effect.root(() => {
      $effect(() => this.follow(this.#city.account?.pubkey));
    });
    this.#schedule(0);
    void this.#sync.start(() => {
      this.#isTold = true;
      this.#schedule(0);
    });
    return () => {
      this.#stopped = true;
      stopFollowing();
      unwatch();
      clearTimeout(this.#timer);
      clearTimeout(this.#settling);
      clearTimeout(this.#ending);
      this.#sync.stop();
    };
  }

  /** Whose places are “mine”; called by itself when the account changes. */
  follow(me: string | undefined): void {
    this.#me = me;
    this.#sync.follow(me, this.#shelf.mine);
    this.#due.companies = true;
    this.#schedule(0);
  }

  #schedule(wait: number): void {
    if (this.#stopped || this.#reading) return;
    this.#timer ??= setTimeout(() => void this.#run(), wait);
  }

  /** One reading at a time; the longer one took, the longer until the next. */
  async #run(): Promise<void> {
    this.#timer = undefined;
    const began = performance.now();
    this.#reading = this.#read();
    await this.#reading;
    this.#reading = undefined;
    const took = performance.now() - began;
    if (this.#due.groups || this.#due.companies) this.#schedule(Math.max(this.#gather, 4 * took));
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#settle(), this.#quiet);
    clearTimeout(this.#ending);
    if (this.#isTold && this.isReading) this.#ending = setTimeout(() => this.#end(), 8 * this.#gather);
  }

  /** Nothing came for a while after the city had told everything; a reading that is due ends it later. */
  #end(): void {
    if (!this.#due.groups && !this.#due.companies && !this.#reading) this.isReading = false;
  }

  async #read(): Promise<void> {
    const due = this.#due;
    this.#due = { groups: false, companies: false };
    const changed = [
      due.groups && (await this.#shelf.readGroups()),
      due.companies && (await this.#shelf.readCompanies(this.#me)),
    ];
    if (this.#stopped) return;
    if (changed.includes(true)) this.all = this.#shelf.places;
    this.isReady = true;
    this.#sync.follow(this.#me, this.#shelf.mine);
  }

  async #settle(): Promise<void> {
    if ((await this.#shelf.settle()) && !this.#stopped) this.all = this.#shelf.places;
  }
}
