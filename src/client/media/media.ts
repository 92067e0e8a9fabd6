/** The door of sending files: kept on this device until the city has them, whatever happens meanwhile. */
import type { Attachment } from '#protocol/media/attachments.ts';
import { hashInUrl } from '#protocol/media/blossom.ts';
import type { BlobDescriptor } from '#protocol/media/blossom.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import type { Failure, Result } from '#shared/result.ts';

/** A file ready to leave: stripped of what it tells about its maker, and measured. */
export interface PreparedFile {
  readonly body: Blob;
  readonly type: string;
  readonly name: string;
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly blurhash?: string;
  /** Of a sound that was measured while it was recorded, 0–100. */
  readonly waveform?: readonly number[];
  readonly thumb?: { readonly body: Blob; readonly type: string };
  readonly alt?: string;
}

/** `waiting`: for the network or its turn; `failed`: waits for the person's hand. */
export type UploadState = 'waiting' | 'sending' | 'paused' | 'stored' | 'failed';

/** A file on its way. */
export interface UploadRow {
  /** Of what is sent. While a file is still being sealed its hash is not known, and this is a name by chance. */
  readonly hash: string;
  readonly name: string;
  readonly type: string;
  /** Bytes that are sent in all, and those that the city has. */
  readonly size: number;
  readonly sent: number;
  readonly state: UploadState;
  /** Why it failed, in a sentence. */
  readonly reason?: string;
}

/** `too-big`, `type`: not for everybody to read; `storage`: no room on this device; `refused`: the signer said no; `changed`: the file changed while it was read. */
export type OfferFailure = Failure<'too-big' | 'type' | 'storage' | 'no-account' | 'refused' | 'changed'>;

/** `stopped`: by the person; `rejected`: by the city, with its words. */
export type SealFailure = Failure<OfferFailure['code'] | 'stopped' | 'rejected'>;

export interface SealOptions {
  /** Unix seconds when the city shall delete it; absent: never. */
  readonly expires?: number;
  /** Cancels: nothing of the file stays here or there. */
  readonly signal?: AbortSignal;
  /** Sealed bytes that the city has, of so many. */
  readonly onprogress?: (sent: number, total: number) => void;
  /** What the caller has to know to go on with it after a reload; comes back with `watchSealed`. */
  readonly note?: string;
}

/** `unreachable`: the city did not answer; `rejected`: it said no, with its words. */
export type BlobsFailure = Failure<'no-account' | 'refused' | 'unreachable' | 'rejected'>;

export interface MediaDesk {
  /**
   * Keeps an open file (and its small picture) sealed on this device, queues its upload, and says what will hang on the line. Nothing
   * was sent yet. A line that names it waits for it: `City.publish(draft, { after: uploadsOf(files) })`.
   */
  offer(file: PreparedFile): Promise<Result<Attachment, OfferFailure>>;
  /**
   * Seals a file for certain people and sends it; resolves when the city has all of it. Once every byte was sealed it goes on by itself
   * after a reload; who asked for it is not there any more then, and `watchSealed` tells.
   */
  seal(file: PreparedFile, options?: SealOptions): Promise<Result<SealedFile, SealFailure>>;
  /**
   * Sealed files with a note that are stored and whose asker is gone (after a reload). Each is told until `taken` has resolved for it
   * once. Returns the way to stop.
   */
  watchSealed(taken: (file: SealedFile, note: string) => Promise<void>): () => void;
  /** Everything on its way now, and whenever it changes; coalesced. Returns the way to stop. */
  watchUploads(changed: (rows: readonly UploadRow[]) => void): () => void;
  /** Gives up a file that is not stored yet; lines that wait for it are shown as refused. */
  cancel(hash: string): Promise<void>;
  retry(hash: string): Promise<void>;
  pause(hash: string): Promise<void>;
  resume(hash: string): Promise<void>;
  /** What of the person's own lies in the city, the newest first. */
  list(): Promise<Result<readonly BlobDescriptor[], BlobsFailure>>;
  /** Takes a stored file back: it is gone once nobody else has it there. */
  remove(hash: string): Promise<Result<undefined, BlobsFailure>>;
}

/** The upload that whoever names a picture has to wait for: nobody shall read of one that is not there yet. What is not on its way is. */
export const pictureUpload = (url: string | undefined): { readonly after?: readonly string[] } => {
  const hash = url === undefined ? undefined : hashInUrl(url);
  return hash === undefined ? {} : { after: [hash] };
};

/** The uploads that a line with these files has to wait for: the files and their small pictures. */
export const uploadsOf = (files: readonly Pick<Attachment, 'hash' | 'thumb'>[]): string[] => [
  ...new Set(
    files.flatMap(({ hash, thumb }) =>
      [hash, thumb === undefined ? undefined : hashInUrl(thumb)].flatMap((one) => one ?? []),
    ),
  ),
];
