/** What a conversation's controller is given, and the states it can be in. */
import type { LineRow } from '../rows/tables.ts';
import type { DeedsOptions } from './deeds.svelte.ts';

export interface ConversationOptions extends DeedsOptions {
  /** True where all that was ever said is on this device: nothing needs to be asked for. */
  readonly isWhole?: (() => boolean) | undefined;
  /** Reads what hangs on lines that are about to be shown, so that they have their height from the start. */
  readonly prepare?: ((lines: readonly LineRow[]) => Promise<void>) | undefined;
}

/** `more`: there may be older lines; `beginning`: there are none. */
export type OlderState = 'more' | 'loading' | 'beginning' | 'unreachable' | 'refused';
export type Phase = 'opening' | 'open' | 'unreachable' | 'refused';
