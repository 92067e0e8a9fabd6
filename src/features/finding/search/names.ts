/** Names for hits and filters, handed in by the app. */
import type { Named } from '../match/name-finder.ts';

/** A place or a person to narrow a search to. */
export interface Choice extends Named {
  readonly id: string;
}

export interface Names {
  /** Reactive; undefined for places nobody here knows. */
  place(id: string): string | undefined;
  /** A line's text without its wire forms, in one line. Reactive where it names people. */
  plain(text: string): string;
  /** Those a search can be narrowed to, the likeliest first. */
  places(): Promise<readonly Choice[]>;
  people(): Promise<readonly Choice[]>;
}
