/** What a place's panel is given, and what it hands to the conversation inside. */
import type { Snippet } from 'svelte';
import type { GroupMember } from '#protocol/groups.ts';
import type { Geohash } from '#shared/geohash.ts';
import type { PictureSnippet } from '../make/picture-wish.ts';
import type { StandingName } from '../model/standing.ts';
import type { GroupRow } from '../model/tables.ts';

/** For the conversation of a place that may be read. */
export interface GroupTalk {
  readonly group: GroupRow;
  readonly standing: StandingName;
  /** False: no composer; the panel itself shows why and what to do, beneath the talk. */
  readonly canWrite: boolean;
  readonly members: readonly GroupMember[];
}

export interface GroupPanelProps {
  /** The place's id; another one makes a new panel. */
  id: string;
  /** The conversation; it has the room and scrolls by itself. */
  talk: Snippet<[GroupTalk]>;
  /** What else can be done with a place's talk; stands in About. */
  keep?: Snippet<[GroupRow]> | undefined;
  /** The field for a place's picture, for admins. */
  pictureField?: PictureSnippet | undefined;
  /** A name for a cell (“near Lisbon”) where one is known. */
  placeName?: ((cell: Geohash) => string | undefined) | undefined;
  /** Shows the close button. */
  onclose?: (() => void) | undefined;
  onmap?: ((cell: Geohash) => void) | undefined;
  onperson?: ((pubkey: string) => void) | undefined;
}
