/** The event that every miner of the bench works at: a place's creation, 280 canonical bytes, nothing in its content. */
import { serializeEvent } from '#protocol/event.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import { CREATE_GROUP } from '#protocol/kinds.ts';
import { withNonce } from '#client/mining/grid/work-parts.ts';

const EVENT_BYTES = 280;
/** What a place costs. */
export const PLACE_BITS = 28;
/** As the others write theirs: a decimal number. */
const DECIMAL_NONCE = '00000000';

const draft = (variant: number, about: string): UnsignedEvent => ({
  kind: CREATE_GROUP,
  pubkey: 'ab'.repeat(32),
  created_at: 1_800_000_000,
  content: '',
  tags: [
    ['h', `harbour-${String(variant).padStart(6, '0')}`],
    ['name', 'Harbour Swimmers'],
    ['about', about],
    ['g', 'u33dc1'],
  ],
});

const sizeOf = (event: UnsignedEvent): number =>
  serializeEvent(withNonce(event, DECIMAL_NONCE, PLACE_BITS)).length;
const ABOUT = 'a'.repeat(EVENT_BYTES - sizeOf(draft(0, '')));

/** The event, 280 bytes long with a nonce of eight digits; variants differ in six digits of their name. */
export const benchEvent = (variant: number): UnsignedEvent => draft(variant % 1_000_000, ABOUT);
