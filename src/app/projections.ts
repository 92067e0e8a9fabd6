/** Every feature's projection, in one list for the store worker. */
import type { Projection } from '#client/store/projection.ts';

export const projections: readonly Projection[] = [];
