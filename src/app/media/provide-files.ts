/** Hands a conversation what it needs for files: how a line shows them, and a tray a place that outlives the conversation. */
import { provideChatMedia } from '#features/chat/index.ts';
import { Attached, makeTrays, Told } from '#features/media/index.ts';
import type { Services } from '../services.ts';
import ChatAttach from './ChatAttach.svelte';
import ChatTray from './ChatTray.svelte';
import { provideTrays } from './trays-context.ts';
import type { FileTrays } from './trays-context.ts';

type Parts = Pick<Services, 'media' | 'preparing'>;

/** One set for the life of the page: made when the first conversation opens. */
const made = new WeakMap<Parts['media'], FileTrays>();

/** The trays of this page; what lies in them is lost with it. */
export const traysOf = ({ media, preparing }: Parts): FileTrays => {
  const known = made.get(media);
  if (known) return known;
  const trays = {
    trays: makeTrays({ spawn: preparing, desk: media }),
    told: new Told('files are cleaned', localStorage),
  };
  made.set(media, trays);
  return trays;
};

/** For every conversation beneath; to be called while a component is made. */
export const provideFiles = (parts: Parts): void => {
  const files = provideTrays(traysOf(parts));
  provideChatMedia({
    Attached,
    Tray: ChatTray,
    Attach: ChatAttach,
    trayOf: (place) => files.trays.of(place),
  });
};
