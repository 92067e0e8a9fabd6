/**
 * Whom and what the person does not want to meet: muted (known to them alone) and blocked (for everybody to see). Read from their own
 * lists, told to the log, so that counts and previews on this device leave them out too.
 */
import { parseBlocked, parseMuted, personItem, placeItem, wordItem } from '#protocol/lists/shunned.ts';
import type { Muted, MutedPlace } from '#protocol/lists/shunned.ts';
import { withItem, withoutItem } from '#protocol/lists/items.ts';
import { mutedWord, wordTest } from '#protocol/lists/words.ts';
import type { Tag } from '#protocol/event.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { City } from '../../city/city.ts';
import { BLOCKED, MUTED } from '../addresses.ts';
import type { ListChanged, OwnLists } from '../own-lists.ts';
import { SHUNNED, shunnedTable } from './table.ts';

const nobody: Muted = { people: [], words: [], places: [] };

export class Shunned {
  muted = $state.raw<Muted>(nobody);
  /** Keys. */
  blocked = $state.raw<readonly string[]>([]);
  /** One of the two lists cannot be read with this key: it will not be changed. */
  isUnreadable = $state(false);
  readonly #hasWord = $derived(wordTest(this.muted.words));
  readonly #city: Pick<City, 'account' | 'get' | 'record' | 'watch' | 'relay'>;
  readonly #lists: OwnLists;
  #stop: () => void = () => undefined;

  constructor(city: Pick<City, 'account' | 'get' | 'record' | 'watch' | 'relay'>, lists: OwnLists) {
    this.#city = city;
    this.#lists = lists;
  }

  /** Goes by the lists of whoever is here now, locked or not; to be called again when somebody comes or goes. */
  follow(pubkey: string | undefined): void {
    this.#stop();
    const stops = [MUTED, BLOCKED].map((list) => this.#lists.watch(list, () => void this.#read(pubkey)));
    this.#stop = () => stops.forEach((stop) => stop());
    void this.#read(pubkey);
  }

  /** Reactive. True for somebody muted or blocked. */
  isShunned = (person: string): boolean => this.isMuted(person) || this.isBlocked(person);
  /** Reactive. */
  isMuted = (person: string): boolean => this.muted.people.includes(person);
  /** Reactive. */
  isBlocked = (person: string): boolean => this.blocked.includes(person);
  /** Reactive. True for a place of this city that is muted. */
  isPlaceMuted = (id: string): boolean =>
    this.muted.places.some((place) => place.id === id && place.relay === this.#city.relay);

  /** Reactive. True for words of others that are not to be shown at once; one's own always are. */
  hides = ({ author, text }: { readonly author: string; readonly text: string }): boolean =>
    author !== this.#city.account?.pubkey && (this.isShunned(author) || this.#hasWord(text));

  /** Mutes somebody, or no longer. */
  mute(person: string, on: boolean): Promise<ListChanged> {
    return this.#changeMuted(personItem(person), on);
  }

  /** Blocks somebody, or no longer: everybody may learn of it. `title` names the work that it asks for. */
  block(person: string, on: boolean, title: string): Promise<ListChanged> {
    const item = personItem(person);
    return this.#lists.changeOpen(
      BLOCKED,
      (tags) => (on ? withItem(tags, item) : withoutItem(tags, item)),
      title,
    );
  }

  /** Mutes a word; fails as `mutedWord` does. */
  async muteWord(text: string): Promise<ListChanged | Result<never, Failure<'empty' | 'long' | 'broad'>>> {
    const word = mutedWord(text);
    return word.ok ? this.#changeMuted(wordItem(word.value), true) : word;
  }

  /** Lets a word be read again, as it stands in the list. */
  unmuteWord(word: string): Promise<ListChanged> {
    return this.#changeMuted(wordItem(word), false);
  }

  /** Mutes a place on all devices, or no longer. */
  mutePlace(place: MutedPlace, on: boolean): Promise<ListChanged> {
    return this.#changeMuted(placeItem(place), on);
  }

  #changeMuted(item: Tag, on: boolean): Promise<ListChanged> {
    return this.#lists.change(MUTED, ({ open, sealed }) =>
      on
        ? { open, sealed: open.some((tag) => isSame(tag, item)) ? sealed : withItem(sealed, item) }
        : { open: withoutItem(open, item), sealed: withoutItem(sealed, item) },
    );
  }

  async #read(pubkey: string | undefined): Promise<void> {
    const [muted, blocked] = await Promise.all([this.#lists.read(MUTED), this.#lists.read(BLOCKED)]);
    if (this.#city.account?.pubkey !== pubkey) return;
    this.muted = parseMuted(muted.items);
    this.blocked = parseBlocked(blocked.items);
    this.isUnreadable = muted.standing === 'unreadable';
    if (pubkey !== undefined) await this.#tell(pubkey);
  }

  /** Says in the log whom and what is left out from now on, once for each change. */
  async #tell(of: string): Promise<void> {
    const value = {
      of,
      people: [...this.muted.people, ...this.blocked].filter(isFirst).sort(),
      words: [...this.muted.words].sort(),
    };
    const told = await this.#city.get(shunnedTable, SHUNNED);
    const isTold = JSON.stringify(told?.value ?? { of, people: [], words: [] }) === JSON.stringify(value);
    if (!isTold) await this.#city.record({ type: 'SettingChanged', v: 1, name: SHUNNED, value });
  }
}

const isSame = (tag: Tag, item: Tag): boolean => tag[0] === item[0] && tag[1] === item[1];

const isFirst = (one: string, at: number, all: readonly string[]): boolean => all.indexOf(one) === at;
