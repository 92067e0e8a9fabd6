/** Own files that wait to be sent, or that the city has and this device still holds: shown before anybody has them. */
import { pieceCount } from '../outgoing/outgoing-files.ts';
import type { OutgoingFiles } from '../outgoing/outgoing-files.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Finds an open file by its hash; undefined where it is not (wholly) here. */
export const ownFiles =
  (files: Pick<OutgoingFiles, 'list' | 'piece'>) =>
  async (hash: string): Promise<Bytes | undefined> => {
    const upload = (await files.list()).find(({ manifest }) => manifest.hash === hash && !manifest.isSealed);
    if (!upload) return undefined;
    const { manifest } = upload;
    const whole = new Uint8Array(manifest.size);
    let at = 0;
    for (let number = 0; number < pieceCount(manifest.size); number++) {
      const piece = await files.piece(manifest, number);
      if (!piece) return undefined;
      whole.set(piece, at);
      at += piece.length;
    }
    return at === manifest.size ? whole : undefined;
  };
