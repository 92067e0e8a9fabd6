/** One file in a tray, from being chosen to being handed over. */
import type { PreparedFile } from '#client/media/media.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import { bareType, formOf, typeOfName } from '#protocol/media/types.ts';
import type { MediaForm } from '#protocol/media/types.ts';
import type { Note, PrepareFailure } from '../prepare/prepared.ts';

export type TrayState = 'preparing' | 'ready' | 'refused';

export class TrayFile {
  readonly id: number;
  /** As chosen; what leaves may be smaller. */
  readonly source: Blob;
  /** Of a sound that was measured while it was recorded, 0–100. */
  readonly waveform: readonly number[] | undefined;
  readonly abort = new AbortController();
  name = $state('');
  state = $state<TrayState>('preparing');
  /** 0…1 while it is being prepared. */
  part = $state(0);
  /** For people who can't see it. */
  alt = $state('');
  /** Address of a small picture of it on this device. */
  preview = $state.raw<string>();
  prepared = $state.raw<PreparedFile>();
  note = $state.raw<Note>();
  failure = $state.raw<Pick<PrepareFailure, 'code'>>();
  /** Handed over once already, under these words. */
  offered: { readonly alt: string; readonly attachment: Attachment } | undefined;

  constructor(id: number, source: Blob, name: string, waveform?: readonly number[]) {
    this.id = id;
    this.source = source;
    this.name = name;
    this.waveform = waveform;
  }

  /** What it is to its viewer; while it is being prepared, as far as its name and claimed type tell. */
  get form(): MediaForm {
    const claimed = bareType(this.source.type) || (typeOfName(this.name) ?? '');
    return formOf(this.prepared?.type ?? claimed);
  }

  /** Bytes that leave, or were chosen. */
  get size(): number {
    return this.prepared?.body.size ?? this.source.size;
  }

  /** What is handed over. */
  get leaving(): PreparedFile | undefined {
    const alt = this.alt.trim();
    return (
      this.prepared && {
        ...this.prepared,
        ...(alt === '' ? {} : { alt }),
        ...(this.waveform === undefined ? {} : { waveform: this.waveform }),
      }
    );
  }
}
