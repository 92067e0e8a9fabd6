/** What crosses between a page and the worker that keeps and sends its files. */
import type { Attachment } from '#protocol/media/attachments.ts';
import type { BlobDescriptor } from '#protocol/media/blossom.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import type { Result } from '#shared/result.ts';
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import type { BlobsFailure, OfferFailure, PreparedFile, SealFailure, UploadRow } from '../media.ts';
import type { Sign } from '../sealing/tokens.ts';

export interface DeskSetting {
  readonly keys: ProfileKeys;
  /** The city's origin. */
  readonly server: string;
}

/** What the worker calls back for. */
export interface DeskEars {
  readonly rows: (rows: readonly UploadRow[]) => void;
  readonly sign: Sign;
  /** A sealed file whose asker is gone is stored; false where nobody takes it now. */
  readonly sealed: (file: SealedFile, note: string) => Promise<boolean>;
}

export interface SealWish {
  readonly expires?: number | undefined;
  readonly note?: string | undefined;
}

/** What a person does with a file on its way. */
export type Hand = 'cancel' | 'retry' | 'pause' | 'resume';

/** The worker's side; every call is a message. */
export interface DeskRemote {
  open(setting: DeskSetting, ears: DeskEars): Promise<void>;
  offer(file: PreparedFile): Promise<Result<Attachment, OfferFailure>>;
  /** `name`: by chance, for `stopSeal`. */
  seal(
    name: string,
    file: PreparedFile,
    wish: SealWish,
    onprogress: (sent: number, total: number) => void,
  ): Promise<Result<SealedFile, SealFailure>>;
  stopSeal(name: string): void;
  hand(hash: string, hand: Hand): Promise<void>;
  list(person: string): Promise<Result<readonly BlobDescriptor[], BlobsFailure>>;
  remove(hash: string): Promise<Result<undefined, BlobsFailure>>;
  /** Somebody can sign now. */
  signedIn(): void;
  /** Somebody takes sealed files now. */
  takesSealed(): void;
  close(): void;
}
