/** Hands a conversation what it needs for files: how a line shows them, and a tray a place that outlives the conversation. */
import { provideChatMedia } from '#features/chat/index.ts';
import { Attached, makeTrays, Still, Told } from '#features/media/index.ts';
import { m } from '#messages/paraglide/messages.js';
import { isTalk } from '#protocol/direct/rumors.ts';
import type { Services } from '../services.ts';
import { provideCards } from './link-cards.ts';
import ChatAttach from './ChatAttach.svelte';
import ChatTray from './ChatTray.svelte';
import SealedTray from './SealedTray.svelte';
import { SealedTrays } from './sealed-trays.svelte.ts';
import { provideSealedTrays, provideTrays } from './trays-context.ts';
import type { FileTrays } from './trays-context.ts';

type Parts = Pick<Services, 'media' | 'preparing' | 'settings'>;

/** One set for the life of the page: made when the first conversation opens. */
const made = new WeakMap<Parts['media'], FileTrays>();

/** The trays of this page; what lies in them is lost with it. */
const traysOf = ({ media, preparing }: Omit<Parts, 'settings'>): FileTrays => {
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
    Still,
    Tray: ChatTray,
    Attach: ChatAttach,
    trayOf: (place) => files.trays.of(place),
  });
  provideCards(parts, { isPrivate: false });
};

type SealedParts = Parts & Pick<Services, 'sealedPost' | 'session' | 'toasts'>;

const madeSealed = new WeakMap<Parts['media'], SealedTrays>();

/** The trays of private talks; what leaves them is sealed. */
const sealedTraysOf = ({ media, preparing, sealedPost, session, toasts }: SealedParts): SealedTrays => {
  const known = madeSealed.get(media);
  if (known) return known;
  const sealed = new SealedTrays({
    trays: makeTrays({ spawn: preparing, desk: media, audience: 'sealed' }),
    post: sealedPost,
    clock: session.clock,
    onfailed: (name, words) => toasts.show({ text: m.direct_file_failed({ name, words }), tone: 'danger' }),
  });
  madeSealed.set(media, sealed);
  return sealed;
};

/** Lays files into a conversation's tray, before it is shown: a place's, or a private talk's. */
export const layInTray = (parts: SealedParts, conversation: string, files: readonly File[]): void => {
  if (files.length === 0) return;
  const { trays } = isTalk(conversation) ? sealedTraysOf(parts) : traysOf(parts);
  trays.of(conversation).add(files);
};

/** For a private talk; to be called while a component is made. */
export const provideSealedFiles = (parts: SealedParts): void => {
  const sealed = provideSealedTrays(sealedTraysOf(parts));
  provideTrays({ trays: sealed.trays, told: traysOf(parts).told });
  provideChatMedia({
    Attached,
    Still,
    Tray: SealedTray,
    Attach: ChatAttach,
    trayOf: (place) => sealed.of(place),
  });
  provideCards(parts, { isPrivate: true });
};
