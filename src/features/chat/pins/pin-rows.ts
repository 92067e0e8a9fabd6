/** What a conversation keeps in sight: a place's list as its relay says it, a private talk's as its people do. */
import type { RowWriter } from '#client/store/table.ts';
import { defineTable } from '#client/store/table.ts';
import { isTalk } from '#protocol/direct/rumors.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { parsePlacePins, parseTalkPins } from '#protocol/lines/pins.ts';
import type { Pins } from '#protocol/lines/pins.ts';

/** The newest list of a conversation. */
export interface PinsRow extends Pins {
  /** Unix seconds. */
  readonly at: number;
  /** The event or rumor that says so. */
  readonly event: string;
}

export const pins = defineTable<PinsRow>({ name: 'line_pins', id: (row) => row.group });

/** The newest counts; of two of one second the one with the lower id. */
const keepNewest = async (rows: RowWriter, list: Pins, { id, created_at: at }: NostrEvent): Promise<void> => {
  const known = await rows.get(pins, list.group);
  const isOlder = known && (at < known.at || (at === known.at && id >= known.event));
  if (!isOlder) rows.put(pins, { ...list, at, event: id });
};

/** A list from a place's relay. Who pretends to speak of a private talk is not heard. */
export const projectPlacePins = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const list = parsePlacePins(event);
  if (list && !isTalk(list.group)) await keepNewest(rows, list, event);
};

/** A list out of a wrap, or said here: an event with the talk as its group. */
export const projectTalkPins = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const list = parseTalkPins(event);
  if (list) await keepNewest(rows, list, event);
};
