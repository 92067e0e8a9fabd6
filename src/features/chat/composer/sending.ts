/** Sending what stands in a field, so that no word is lost whatever happens to it. */
import type { Attachment } from '#protocol/media/attachments.ts';
import type { LinkPreview } from '#protocol/media/previews.ts';
import type { LinkCard } from '../previews/link-card.svelte.ts';

/** Sends wire text and what hangs on it; false: nothing was sent. */
export type SendLine = (
  text: string,
  mentions: readonly string[],
  files: readonly Attachment[],
  previews: readonly LinkPreview[],
) => Promise<boolean>;

interface WordsField<Words> {
  /** Empties the field, so that the next line can be begun at once. */
  take(): Words;
  /** True while nothing else was begun. */
  isEmpty(): boolean;
  putBack(words: Words): void;
}

/** What was not sent comes back, also when sending breaks; unless somebody writes something else already. */
export const sendFrom = async <Words>(
  field: WordsField<Words>,
  send: (words: Words) => Promise<boolean>,
): Promise<void> => {
  const words = field.take();
  let isSent = false;
  try {
    isSent = await send(words);
  } finally {
    if (!isSent && field.isEmpty()) field.putBack(words);
  }
};

/** Sends a line with the card that lies over it, if one is there by now. */
export const sendWithCard = async (
  card: Pick<LinkCard, 'take' | 'putBack'> | undefined,
  text: string,
  send: (previews: readonly LinkPreview[]) => Promise<boolean>,
): Promise<boolean> => {
  const previews = (await card?.take(text)) ?? [];
  let isSent = false;
  try {
    isSent = await send(previews);
  } finally {
    if (!isSent) card?.putBack(previews);
  }
  return isSent;
};
