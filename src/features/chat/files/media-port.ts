/** What a conversation asks of whoever knows files: features never meet, so the app hands this down. */
import { getContext, setContext } from 'svelte';
import type { Component } from 'svelte';
import type { Attachment } from '#protocol/media/attachments.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Delivery } from '../rows/tables.ts';

/** Files that wait over one composer; reactive. They outlive the conversation that is shown, not the page. */
export interface FileTray {
  /** Nothing lies in it. */
  readonly isEmpty: boolean;
  /** Something lies in it, and all of it can be sent as it stands. */
  readonly isReady: boolean;
  /** Strips and measures them, beside what lies there already; `waveform`: of a voice note, 0–100. */
  add(files: readonly File[], waveform?: readonly number[]): void;
  /** Hands everything over for sending and empties the tray; when that fails, all of it lies there again, and the message may be shown. */
  take(): Promise<Result<readonly Attachment[], Failure<string>>>;
  /** The line of these was not sent: they lie there again, unless they were never taken from here. */
  putBack(files: readonly Attachment[]): void;
  /** These hang on a line now: nothing of them is kept here. */
  sent(files: readonly Attachment[]): void;
}

/** `place`: whose tray; the group's id, or what `placeOfThread` makes for an answer in a thread. */
interface TrayProps {
  readonly place: string;
}

/** The files of one line. */
interface AttachedProps {
  readonly files: readonly Attachment[];
  /** The one of private talk. */
  readonly sealed?: SealedFile | undefined;
  readonly author: string;
  readonly own: boolean;
  readonly state: Delivery;
}

/** A picture that decorates what stands beside it. */
interface StillProps {
  readonly file: Attachment;
  readonly author: string;
}

export interface ChatMedia {
  /** Files as a line shows them. */
  readonly Attached: Component<AttachedProps>;
  /** Fills its frame. */
  readonly Still: Component<StillProps>;
  /** What lies over the composer; nothing while the tray is empty. */
  readonly Tray: Component<TrayProps>;
  /** The button that picks files. */
  readonly Attach: Component<TrayProps>;
  trayOf(place: string): FileTray;
}

const KEY = Symbol('chat media');

/** Hands it to every conversation beneath. */
export const provideChatMedia = (media: ChatMedia): ChatMedia => setContext(KEY, media);

/** Undefined where nobody handed it down: lines then carry words only. */
export const useChatMedia = (): ChatMedia | undefined => getContext<ChatMedia | undefined>(KEY);

/** The tray of answers in a thread lies apart from the place's own. */
export const placeOfThread = (group: string, root: string): string => `${group} ${root}`;
