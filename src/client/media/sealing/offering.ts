/** Files that everybody may read: kept on this device, signed for, and left to the sender. */
import { blobUrl } from '#protocol/media/blossom.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import { bareType, isOpenType, OPEN_MAX } from '#protocol/media/types.ts';
import { m } from '#messages/paraglide/messages.js';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { OfferFailure, PreparedFile } from '../media.ts';
import { makeUploadId, pieceCount, pieceRange } from '../outgoing/outgoing-files.ts';
import type { OutgoingFiles } from '../outgoing/outgoing-files.ts';
import type { Manifest } from '../outgoing/records.ts';
import { fileLock } from '../sending/sender.ts';
import type { UploadLocks } from '../sending/sender.ts';
import type { BeginHash } from './hashing.ts';
import { ChangedFile, readSource } from './source.ts';
import { signToken } from './tokens.ts';
import type { Sign } from './tokens.ts';

export interface OfferPorts {
  readonly files: OutgoingFiles;
  readonly locks: UploadLocks;
  readonly sign: Sign;
  readonly beginHash: BeginHash;
  /** The city's origin. */
  readonly server: string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

interface Part {
  readonly id: string;
  readonly body: Blob;
  readonly type: string;
  readonly of?: string;
}

/** Keeps a file and its small picture. Where anything fails nothing of either is left. */
export const offerFile = async (
  ports: OfferPorts,
  file: PreparedFile,
): Promise<Result<Attachment, OfferFailure>> => {
  if (!isOpenType(file.type)) return fail('type', m.media_send_type());
  if (file.body.size > OPEN_MAX) return fail('too-big', m.media_send_too_big());
  const main: Part = { id: makeUploadId(), body: file.body, type: bareType(file.type) };
  const thumb = file.thumb && { id: makeUploadId(), ...file.thumb, of: main.id };
  const parts = thumb ? [main, thumb] : [main];
  const made: { result?: Result<Attachment, OfferFailure> } = {};
  await hold(ports.locks, parts, async () => {
    made.result = await make(ports, file, parts);
    if (!made.result.ok) await Promise.all(parts.map(({ id }) => ports.files.remove(id)));
  });
  return made.result ?? fail('storage', m.media_send_no_room());
};

/** Nobody sweeps away or sends what is still being made. */
const hold = async (locks: UploadLocks, parts: readonly Part[], work: () => Promise<void>): Promise<void> => {
  const [first, ...rest] = parts;
  if (first) await locks.hold(fileLock(first.id), () => hold(locks, rest, work));
  else await work();
};

const make = async (
  ports: OfferPorts,
  file: PreparedFile,
  parts: readonly Part[],
): Promise<Result<Attachment, OfferFailure>> => {
  const kept: Manifest[] = [];
  try {
    for (const part of parts) kept.push(await keepPart(ports, file.name, part));
    const hashes = kept.flatMap(({ hash }) => hash ?? []);
    const token = await signToken(ports.sign, ports.server, { verb: 'upload', hashes }, ports.now() / 1000);
    if (!token.ok) return token;
    await forgetSame(ports.files, hashes);
    // The small picture first: whoever sees the one knows the other is there.
    for (const manifest of kept.reverse())
      await ports.files.put({
        ...manifest,
        stage: 'ready',
        end: token.value.header,
        signedUntil: token.value.until,
      });
  } catch (cause) {
    return keepingFailure(cause);
  }
  return ok(attachmentOf(ports.server, file, kept));
};

/** What keeping a file has thrown, as a failure. */
export const keepingFailure = (
  cause: unknown,
): { readonly ok: false; readonly error: Failure<'changed' | 'storage'> } =>
  cause instanceof ChangedFile
    ? fail('changed', cause.message, cause)
    : fail('storage', m.media_send_no_room(), cause);

const keepPart = async (
  { files, server, now, beginHash }: OfferPorts,
  name: string,
  { id, body, type, of }: Part,
): Promise<Manifest> => {
  const size = body.size;
  const manifest: Manifest = {
    ...{ v: 1, id, stage: 'keeping', name, type, size, server, isSealed: false, signedUntil: 0, at: now() },
    ...(of === undefined ? {} : { of }),
  };
  await files.put(manifest);
  const hash = await beginHash(size);
  for (let number = 0; number < pieceCount(size); number++) {
    const { from, to } = pieceRange(size, number);
    const bytes = await readSource(body, from, to);
    await files.putPiece(manifest, number, bytes);
    await hash.add(bytes);
  }
  return { ...manifest, hash: await hash.end() };
};

/** The same bytes that failed or were given up before: this is the new try. */
const forgetSame = async (files: OutgoingFiles, hashes: readonly string[]): Promise<void> => {
  for (const { manifest, progress } of await files.list())
    if (hashes.includes(manifest.hash ?? '') && ['failed', 'cancelled', 'paused'].includes(progress.state))
      await files.remove(manifest.id);
};

const attachmentOf = (server: string, file: PreparedFile, kept: readonly Manifest[]): Attachment => {
  const { width, height, duration, blurhash, waveform, alt, name } = file;
  const main = kept.find(({ of }) => of === undefined);
  const thumb = kept.find(({ of }) => of !== undefined);
  const hash = main?.hash ?? '';
  const type = main?.type ?? file.type;
  return {
    ...{ url: blobUrl(server, hash, type), hash, type, size: file.body.size },
    ...(width === undefined || height === undefined ? {} : { width, height }),
    ...(duration === undefined ? {} : { duration }),
    ...(blurhash === undefined ? {} : { blurhash }),
    ...(waveform === undefined ? {} : { waveform }),
    ...(thumb?.hash === undefined ? {} : { thumb: blobUrl(server, thumb.hash, thumb.type) }),
    ...(alt ? { alt } : {}),
    ...(name ? { name } : {}),
  };
};
