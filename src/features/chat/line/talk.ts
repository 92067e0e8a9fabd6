/** What the parts of a conversation's view share: hands and eyes, through Svelte's context. */
import { createContext } from 'svelte';
import type { LineRow } from '../rows/tables.ts';
import type { PinBoard } from '../pins/pin-board.svelte.ts';
import type { Deeds } from '../talk/deeds.svelte.ts';
import type { Trouble } from '../timeline/troubles.ts';
import type { Extras } from '../talk/extras.svelte.ts';

/** Getters stay reactive. */
export interface Talk {
  readonly deeds: Deeds;
  readonly extras: Extras;
  readonly isAdmin: boolean;
  /** False: no answering and reacting. */
  readonly canWrite: boolean;
  /** Inside a thread, lines do not open one. */
  readonly isThread: boolean;
  /** The reader's refused lines, by id. */
  readonly troubles: ReadonlyMap<string, Trouble>;
  onperson(pubkey: string): void;
  onreply(line: LineRow): void;
  /** Puts a refused line's words back into the composer. */
  onedit(line: LineRow): void;
  /** Puts an own line's words into the composer, to be said otherwise. */
  onreword(line: LineRow): void;
  onthread(line: LineRow): void;
  /** What is pinned. */
  readonly pins: Pick<PinBoard, 'has' | 'isFull' | 'toggle'>;
  /** Asks where a line shall be said again; absent where nobody can be asked. */
  readonly onforward?: ((line: LineRow) => void) | undefined;
  /** Goes to a line, wherever it is. */
  onjump(id: string): void;
  onnote(text: string, tone?: 'danger'): void;
  /** Opens the full picker beside an element. */
  onpicker(anchor: HTMLElement, pick: (emoji: string) => void): void;
}

export const [useTalk, provideTalk] = createContext<Talk>();
