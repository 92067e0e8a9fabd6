/** A group as the map knows it. */
import type { Geohash } from '#shared/geohash.ts';

/** A group on the map: its cell, how many belong to it, whether something happens there now (times in Unix seconds). */
export interface PlaceOnMap {
  readonly id: string;
  readonly name: string;
  /** What it is for, in its people's words. */
  readonly about?: string | undefined;
  readonly geohash: Geohash;
  /** 0 where it is not known. */
  readonly members: number;
  readonly live?: boolean | undefined;
  readonly own?: boolean | undefined;
  readonly lastActivity?: number | undefined;
}

/** Orders places by how alive they are: live now, then latest activity, then members, then name. */
export const byLife = (a: PlaceOnMap, b: PlaceOnMap): number =>
  Number(b.live ?? false) - Number(a.live ?? false) ||
  (b.lastActivity ?? 0) - (a.lastActivity ?? 0) ||
  b.members - a.members ||
  (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
