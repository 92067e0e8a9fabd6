/** People whom the person keeps: sealed to themselves (NIP-51 follow set `contacts`). */
import { itemsNamed, withItem, withoutItem } from '#protocol/lists/items.ts';
import { personItem } from '#protocol/lists/shunned.ts';
import { isHex64 } from '#shared/bytes.ts';
import type { City } from '../city/city.ts';
import { CONTACTS } from './addresses.ts';
import type { ListChanged, OwnLists } from './own-lists.ts';

export class Contacts {
  /** Keys, who was added first first. */
  all = $state.raw<readonly string[]>([]);
  readonly #city: Pick<City, 'account'>;
  readonly #lists: OwnLists;
  #stop: () => void = () => undefined;

  constructor(city: Pick<City, 'account'>, lists: OwnLists) {
    this.#city = city;
    this.#lists = lists;
  }

  /** Goes by the list of whoever is here now; to be called again when somebody comes or goes. */
  follow(pubkey: string | undefined): void {
    this.#stop();
    this.#stop = this.#lists.watch(CONTACTS, () => void this.#read(pubkey));
    void this.#read(pubkey);
  }

  /** Reactive. */
  has = (person: string): boolean => this.all.includes(person);

  /** Adds somebody, or takes them out. */
  keep(person: string, on: boolean): Promise<ListChanged> {
    const item = personItem(person);
    return this.#lists.change(CONTACTS, ({ open, sealed }) =>
      on ? { open, sealed: withItem(sealed, item) } : { open, sealed: withoutItem(sealed, item) },
    );
  }

  async #read(pubkey: string | undefined): Promise<void> {
    const { items } = await this.#lists.read(CONTACTS);
    if (this.#city.account?.pubkey === pubkey) this.all = itemsNamed(items.sealed, 'p').filter(isHex64);
  }
}
