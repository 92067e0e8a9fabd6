/** Bytes of a file that lies in pieces. */
import { PIECE_BYTES } from '../outgoing/records.ts';
import { UnreadableFile } from './send-file.ts';
import type { Part } from './send-file.ts';

/** From where pieces come. */
export interface Pieces {
  /** A piece; waited for where it is still being made. */
  readonly piece: (number: number) => Promise<Part | undefined>;
  /** Whether it need not be waited for. */
  readonly isThere?: (number: number) => boolean;
  /** Said where a piece is lost. */
  readonly words: string;
}

/**
 * Reads from one place to before another, or less. Pieces that lie as they are sent go into one request together, as files: the browser
 * sends them from the disk. One that had to be opened goes alone and stays in memory, for requests begin short. Throws `UnreadableFile`.
 */
export const pieceReader = ({
  piece,
  isThere = () => true,
  words,
}: Pieces): ((from: number, to: number) => Promise<Part>) => {
  let last: { readonly number: number; readonly part: Part } | undefined;
  const fetchPiece = async (number: number): Promise<Part> => {
    if (last?.number === number) return last.part;
    last = undefined;
    const part = await piece(number);
    if (!part) throw new UnreadableFile(words);
    last = { number, part };
    return part;
  };
  return async (from, to) => {
    const files: Blob[] = [];
    for (let at = from; at < to;) {
      const number = Math.floor(at / PIECE_BYTES);
      if (at > from && !isThere(number)) break;
      const part = await fetchPiece(number);
      const begin = number * PIECE_BYTES;
      if (!(part instanceof Blob)) {
        if (files.length > 0) break;
        return part.subarray(at - begin, to - begin);
      }
      files.push(part.slice(at - begin, to - begin));
      at = begin + part.size;
    }
    return new Blob(files);
  };
};
