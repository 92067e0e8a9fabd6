/** What settings need to know of street tiles; the map's own checks, handed in by the app. */
import type { Failure, Result } from '#shared/result.ts';
import type { ChosenTiles } from './table.ts';

export interface TileDesk {
  readonly suggestion: ChosenTiles;
  /** The address and the host that would learn what is looked at. */
  check(text: string): Result<{ readonly url: string; readonly host: string }, Failure>;
}
