/** A folder of files, as blobs need it: the browser's private file system, or a memory. */

type Bytes = Uint8Array<ArrayBuffer>;

/** A file in the making: nobody finds it before `finish`. */
export interface BlobDraft {
  write(bytes: Bytes): Promise<void>;
  /** Durable from here on, under its name; takes the place of a file of that name. */
  finish(name: string): Promise<void>;
  /** Leaves nothing behind. */
  drop(): Promise<void>;
}

export interface BlobDirectory {
  /** Begins a file under a name that `isDraft` knows. */
  draft(): Promise<BlobDraft>;
  /** Bytes of a file from one place to another, fewer where it ends; undefined where there is no such file. */
  read(name: string, from: number, to: number): Promise<Bytes | undefined>;
  /** A file as it lies, for whoever reads it later; undefined where there is no such file. */
  file(name: string): Promise<Blob | undefined>;
  /** Undefined where there is no such file. */
  size(name: string): Promise<number | undefined>;
  /** Nothing happens where there is none. */
  remove(name: string): Promise<void>;
  /** All names, drafts too. */
  names(): Promise<string[]>;
}

const DRAFT = 'draft ';

/** A name for a file in the making. */
export const draftName = (): string => `${DRAFT}${crypto.randomUUID()}`;

/** True for files that a crash may have left half done. */
export const isDraft = (name: string): boolean => name.startsWith(DRAFT);
