/** Bytes of a file that lies in pieces. */
import { PIECE_BYTES } from '../outgoing/records.ts';
import { UnreadableFile } from './send-file.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Reads from one place to before another, at most to the end of a piece; the last piece stays in memory, for requests begin short.
 * Throws `UnreadableFile` with these words where a piece is not there.
 */
export const pieceReader = (
  piece: (number: number) => Promise<Bytes | undefined>,
  words: string,
): ((from: number, to: number) => Promise<Bytes>) => {
  let last: { readonly number: number; readonly bytes: Bytes } | undefined;
  return async (from, to) => {
    const number = Math.floor(from / PIECE_BYTES);
    if (last?.number !== number) {
      last = undefined;
      const bytes = await piece(number);
      if (!bytes) throw new UnreadableFile(words);
      last = { number, bytes };
    }
    const begin = number * PIECE_BYTES;
    return last.bytes.subarray(from - begin, to - begin);
  };
};
