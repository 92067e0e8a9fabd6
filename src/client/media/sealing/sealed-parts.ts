/** What goes with a sealed file: its small picture, sealed by itself, and what its people are told. */
import { bytesToHex } from '#shared/bytes.ts';
import { blobUrl } from '#protocol/media/blossom.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import { FileSealer, makeFileKey } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import { SEALED_TYPE } from '#protocol/media/types.ts';
import type { PreparedFile } from '../media.ts';
import { makeUploadId } from '../outgoing/outgoing-files.ts';
import type { OutgoingFiles } from '../outgoing/outgoing-files.ts';
import type { Manifest } from '../outgoing/records.ts';
import { readSource } from './source.ts';

type Thumb = NonNullable<SealedFile['thumb']>;

/** Seals a small picture with a key of its own and keeps it beside its file; not signed for yet. */
export const sealThumb = async (
  files: OutgoingFiles,
  main: Manifest,
  { body }: NonNullable<PreparedFile['thumb']>,
): Promise<{ readonly manifest: Manifest; readonly hash: string; readonly shown: Thumb }> => {
  const key = makeFileKey(0);
  const sealer = await FileSealer.open(key);
  const sealed = await sealer.seal(await readSource(body, 0, body.size));
  const hash = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', sealed)));
  const { begin: _, ...base } = main;
  const manifest: Manifest = { ...base, id: makeUploadId(), of: main.id, size: sealed.length, hash };
  await files.put(manifest);
  await files.putPiece(manifest, 0, sealed);
  return { manifest, hash, shown: { url: blobUrl(main.server, hash, SEALED_TYPE), hash, key } };
};

interface Made {
  readonly url: string;
  readonly hash: string;
  readonly key: FileKey;
  readonly expires: number | undefined;
  readonly thumb: Thumb | undefined;
}

/** What its people need to find, open and show it. */
export const sealedFileOf = (
  { body, type, name, width, height, duration, blurhash, waveform, alt }: PreparedFile,
  { url, hash, key, expires, thumb }: Made,
): SealedFile => ({
  ...{ url, hash, key, type, size: body.size },
  ...(name ? { name } : {}),
  ...(width === undefined || height === undefined ? {} : { width, height }),
  ...(duration === undefined ? {} : { duration }),
  ...(blurhash === undefined ? {} : { blurhash }),
  ...(waveform === undefined ? {} : { waveform }),
  ...(alt ? { alt } : {}),
  ...(expires === undefined ? {} : { expires }),
  ...(thumb === undefined ? {} : { thumb }),
});
