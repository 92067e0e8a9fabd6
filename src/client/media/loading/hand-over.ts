/** Bytes from the loading worker to who takes them on the page: handed over instead of copied, and given back when they were taken. */
import * as Comlink from 'comlink';

type Bytes = Uint8Array<ArrayBuffer>;

/** Takes bytes in order; resolves with those whose memory is not needed any more. */
export type Take = (bytes: Bytes) => Promise<Bytes | undefined>;

const handed = (bytes: Bytes): Bytes => Comlink.transfer(bytes, [bytes.buffer]);

/** The worker's side: what was handed over is empty here afterwards. */
export const handingOver =
  (take: Take): Take =>
  (bytes) =>
    take(handed(bytes));

/** The page's side: one after the other, however many are on their way. After one that was not taken none is. */
export const inTurn = (take: (bytes: Bytes) => Promise<void>): Take => {
  let turn: Promise<void> = Promise.resolve();
  return async (bytes) => {
    turn = turn.then(() => take(bytes));
    await turn;
    // Whoever took it may have handed it on.
    return bytes.buffer.byteLength === 0 ? undefined : handed(bytes);
  };
};
