/** A line as it is read aloud: who, when, what, what hangs on it, how far it came. */
import { m } from '#messages/paraglide/messages.js';
import type { LineRow } from '../rows/tables.ts';
import { fileWords, linePreview } from '../text/preview.ts';
import { previewText } from '../text/mentions.ts';
import type { ReactionPill } from '../timeline/gather.ts';
import { parseSealedFile } from '#protocol/media/sealed-files.ts';

/** Longer words are cut: the line itself has all of them. */
const MOST = 600;

export interface Heard {
  readonly line: LineRow;
  readonly name: string;
  readonly nameOf: (pubkey: string) => string;
  /** Its time in words. */
  readonly time: string;
  /** The line it answers; null: nobody has it. */
  readonly quoted?: LineRow | null | undefined;
  /** How far an own line has come. */
  readonly state?: 'pending' | 'sent' | 'delivered' | 'read' | 'failed' | undefined;
  readonly reactions?: readonly ReactionPill[] | undefined;
  readonly answers?: number | undefined;
  /** What hangs on it besides words and files (a poll, a place). */
  readonly more?: string | undefined;
}

const states = {
  pending: m.ui_delivery_pending,
  sent: m.ui_delivery_sent,
  delivered: m.ui_delivery_delivered,
  read: m.ui_delivery_read,
  failed: m.ui_delivery_failed,
};

const answerTo = ({ line, quoted, nameOf }: Heard): string => {
  if (line.replyTo === undefined) return '';
  if (!quoted) return m.chat_heard_answer_missing();
  const text = quoted.deletedBy === undefined ? linePreview(quoted, nameOf, 80) : m.chat_quote_deleted();
  return m.chat_quote_label({ name: nameOf(quoted.author), text });
};

const said = ({ line, nameOf, more = '' }: Heard): string[] => {
  if (line.deletedBy !== undefined)
    return [line.deletedBy === line.author ? m.chat_line_deleted() : m.chat_line_removed()];
  const file = line.sealed && parseSealedFile(line.sealed);
  return [previewText(line.text, nameOf, MOST), fileWords(file ? [file] : (line.files ?? [])), more];
};

const marks = ({ line, state, reactions = [], answers = 0 }: Heard): string[] => {
  if (line.deletedBy !== undefined) return [];
  const pills = reactions.map(({ emoji, people }) => `${emoji} ${people.length}`).join(', ');
  return [
    line.edited ? m.chat_edited() : '',
    state ? states[state]() : '',
    pills === '' ? '' : m.chat_heard_reactions({ list: pills }),
    answers === 0 ? '' : answers === 1 ? m.chat_replies_one() : m.chat_replies_many({ count: answers }),
  ];
};

/** "Ada, 14:05. Answer to Ben: when? At seven at the quay. edited. Read. Reactions: ❤️ 2." */
export const lineLabel = (heard: Heard): string =>
  [
    `${heard.name}, ${heard.time}`,
    heard.line.deletedBy === undefined ? answerTo(heard) : '',
    ...said(heard),
    ...marks(heard),
  ]
    .filter((part) => part !== '')
    .map((part) => (/[.!?…]$/u.test(part) ? part : `${part}.`))
    .join(' ');
