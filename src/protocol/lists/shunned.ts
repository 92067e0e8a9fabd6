/** Whom and what a person does not want to meet: the mute list (NIP-51, kind 10000) and the block list (seed 000, kind 10006). */
import { isHex64 } from '#shared/bytes.ts';
import type { Tag } from '../event.ts';
import { normalizeRelayUrl } from '../lists.ts';
import { itemsNamed } from './items.ts';
import type { ListItems } from './items.ts';

/** What is muted: hidden here, and nobody else knows. */
export interface Muted {
  /** Keys. */
  readonly people: readonly string[];
  readonly words: readonly string[];
  readonly places: readonly MutedPlace[];
}

/** A place by its id and the relay that it is at. */
export interface MutedPlace {
  readonly id: string;
  readonly relay: string;
}

/** Reads a mute list; items of other sorts (threads, hashtags) are passed over. */
export const parseMuted = ({ open, sealed }: ListItems): Muted => {
  const tags = [...sealed, ...open];
  return {
    people: itemsNamed(tags, 'p').filter(isHex64),
    words: itemsNamed(tags, 'word'),
    places: tags.flatMap(([name, id, address]) => {
      const relay = name === 'group' && address ? normalizeRelayUrl(address) : undefined;
      return id && relay ? [{ id, relay }] : [];
    }),
  };
};

/** Reads a block list: its `p` tags, not the relays beside them (NIP-51 uses the kind for those). */
export const parseBlocked = ({ open }: Pick<ListItems, 'open'>): readonly string[] =>
  itemsNamed(open, 'p').filter(isHex64);

/** A person as an item of a list. */
export const personItem = (pubkey: string): Tag => ['p', pubkey];
/** A word as an item of a mute list. */
export const wordItem = (word: string): Tag => ['word', word];
/** A place as an item of a mute list. */
export const placeItem = ({ id, relay }: MutedPlace): Tag => ['group', id, relay];
