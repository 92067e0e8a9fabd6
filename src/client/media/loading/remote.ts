/** What crosses between page and loading worker. */
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import type { Take } from './hand-over.ts';
import type { Loaded, MediaSource, OnProgress, ThumbWidth } from './source.ts';

export interface LoadRequest {
  /** By which it can be stopped. */
  readonly id: number;
  readonly source: MediaSource;
  /** A small picture of it instead. */
  readonly thumb?: { readonly thumb?: string | undefined; readonly width: ThumbWidth };
  /** The sender's own servers, where they are known. */
  readonly servers: readonly string[];
}

/** What is kept on this device. */
export interface Usage {
  readonly files: number;
  readonly bytes: number;
}

/** The worker's side; every call is a message. */
export interface LoadRemote {
  open(keys: ProfileKeys, bound?: number): Promise<void>;
  load(request: LoadRequest, onprogress?: OnProgress): Promise<Loaded<Blob>>;
  /** Bytes in order to somebody who takes them, the whole of which is right only once this resolves so: for files that fit in no memory. */
  pour(request: LoadRequest, take: Take, onprogress?: OnProgress): Promise<Loaded<undefined>>;
  stop(id: number): void;
  usage(): Promise<Usage>;
  shrink(to: number): Promise<void>;
  setBound(bytes: number): Promise<void>;
}
