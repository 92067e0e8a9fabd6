/** The lists that this app keeps for the person, each by its kind and name. They are followed, and opened as they come. */
import { BLOCK_LIST, FOLLOW_SET, MUTE_LIST } from '#protocol/kinds.ts';
import type { ListAddress } from '../city/lists-table.ts';

/** People, words and places that are muted; sealed to oneself. */
export const MUTED: ListAddress = { kind: MUTE_LIST };
/** People who are blocked; for everybody to see. */
export const BLOCKED: ListAddress = { kind: BLOCK_LIST };
/** People whom one keeps; sealed to oneself. */
export const CONTACTS: ListAddress = { kind: FOLLOW_SET, d: 'contacts' };

/** Every list of one's own. */
export const OWN_LISTS: readonly ListAddress[] = [MUTED, BLOCKED, CONTACTS];
