/** What a conversation and a thread are handed by the app. */
import type { Snippet } from 'svelte';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';
import type { Clock } from '#shared/time.ts';
import type { LineRow } from '../rows/tables.ts';
import type { Joined } from '../talk/mending.ts';

interface TalkProps {
  /** Group id. */
  readonly group: string;
  /** From `lineKindFor`. */
  readonly lineKind: number;
  /** Keys that `@` completes. */
  readonly members: readonly string[];
  /** May take away lines of others. */
  readonly isAdmin: boolean;
  readonly canWrite: 'yes' | 'no';
  /** Stands in the composer's place where one cannot write. */
  readonly footer?: Snippet | undefined;
  readonly onperson: (pubkey: string) => void;
  /** Asks to join the place, for lines that only members may write. */
  readonly onjoin?: (() => Promise<Joined>) | undefined;
  readonly ontoast: (wish: ToastWish) => unknown;
  /** Asks where a line shall be said again. */
  readonly onforward?: ((line: LineRow) => void) | undefined;
}

export interface ConversationProps extends TalkProps {
  /** Opens a thread beside; without it the thread opens over the conversation. */
  readonly onthread?: ((root: string) => void) | undefined;
  /** A line to open at (`/g/<id>?line=<line>`); another one while open goes there. */
  readonly at?: string | undefined;
  /** The time that others go by; the device's own without it. */
  readonly clock?: Clock | undefined;
  /** All that was ever said is on this device (`TalkKeeper`). */
  readonly isWhole?: boolean | undefined;
  /** Takes what puts the draft away before a new version of the app replaces the page; answers how to end that. */
  readonly onbeforeupdate?: ((putAway: () => Promise<unknown>) => () => void) | undefined;
}

export interface ThreadProps extends TalkProps {
  /** Id of the thread's first line. */
  readonly root: string;
  readonly onclose: () => void;
  /** Goes to a line of the conversation that is not in the thread. */
  readonly onjump?: ((id: string) => void) | undefined;
}
