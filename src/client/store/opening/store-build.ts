import { LAYOUT } from '../disk/dexie-disk.ts';
import type { Projection } from '../projection.ts';

/** More than all projections' versions together will ever be. */
const LAYOUT_STEP = 1_000_000;

/**
 * Which build of the app's store this is, as one number: layout, then projections. Both only ever grow, so of two builds that
 * would make different rows the newer one has the higher number.
 */
export const storeBuild = (projections: readonly Projection[]): number =>
  projections.reduce((sum, { version }) => sum + version, LAYOUT * LAYOUT_STEP);
