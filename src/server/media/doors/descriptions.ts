/** What the city says of a file that it keeps (BUD-02, 08). */
import { blobUrl } from '#protocol/media/blossom.ts';
import type { BlobDescriptor } from '#protocol/media/blossom.ts';
import type { Blob } from '../book/book.ts';

export class Descriptions {
  readonly #publicUrl: () => URL;

  constructor(publicUrl: () => URL) {
    this.#publicUrl = publicUrl;
  }

  of({ hash, size, type, uploaded, expires }: Blob): BlobDescriptor {
    const url = blobUrl(this.#publicUrl().origin, hash, type);
    return {
      url,
      sha256: hash,
      ...{ size, type, uploaded },
      ...(expires === undefined ? {} : { expires }),
      nip94: [
        ['url', url],
        ['m', type],
        ['x', hash],
        ['ox', hash],
        ['size', String(size)],
      ],
    };
  }
}
