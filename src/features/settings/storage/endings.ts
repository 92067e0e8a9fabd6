/** Work on the storage: under way, or how it ended. */
import type { Imported } from '#client/engine/upkeep/upkeep.ts';

export type Work = 'export' | 'check' | 'import' | 'rebuild';

/** Work under way; `part` 0…1. */
export interface Under {
  readonly work: Work;
  readonly part: number;
}

/** How the last work ended; `reason` is the failure's code. */
export type Ended =
  | { readonly work: Work; readonly ok: true; readonly imported?: Imported }
  | { readonly work: Work; readonly ok: false; readonly reason: string; readonly wait?: number };
