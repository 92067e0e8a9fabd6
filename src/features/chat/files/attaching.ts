/** Files on their way into a composer's tray, and out of it with a line. */
import type { Attachment } from '#protocol/media/attachments.ts';
import type { FileTray } from './media-port.ts';

/** Files that were pasted or dropped; none where words with their form came along: a document's picture of itself. */
export const handedFiles = (data: Pick<DataTransfer, 'files' | 'types' | 'getData'> | null): File[] => {
  if (!data || data.files.length === 0) return [];
  const isDocument = data.types.includes('text/html') && data.getData('text/plain').trim() !== '';
  return isDocument ? [] : [...data.files];
};

/** True for something that is dragged and holds files; which ones is told only when it is let go. */
export const holdsFiles = (data: Pick<DataTransfer, 'types'> | null): boolean =>
  data?.types.includes('Files') ?? false;

/**
 * Sends a line with what lies in the tray. Files whose line was not sent lie there again, also when sending breaks. `ontrouble`
 * hears in a sentence why they could not even be handed over.
 */
export const sendWithFiles = async (
  tray: FileTray | undefined,
  send: (files: readonly Attachment[]) => Promise<boolean>,
  ontrouble: (words: string) => void,
): Promise<boolean> => {
  if (!tray || tray.isEmpty) return send([]);
  const taken = await tray.take();
  if (!taken.ok) {
    ontrouble(taken.error.message);
    return false;
  }
  let isSent = false;
  try {
    isSent = await send(taken.value);
  } finally {
    if (isSent) tray.sent(taken.value);
    else tray.putBack(taken.value);
  }
  return isSent;
};
