/** The trays of this page, for the pieces that conversations are handed. */
import { createContext } from 'svelte';
import type { Told, Trays } from '#features/media/index.ts';
import type { SealedTrays } from './sealed-trays.svelte.ts';

export interface FileTrays {
  readonly trays: Trays;
  /** Whether it was told what is taken off files. */
  readonly told: Told;
}

export const [useSealedTrays, provideSealedTrays] = createContext<SealedTrays>();
export const [useTrays, provideTrays] = createContext<FileTrays>();
