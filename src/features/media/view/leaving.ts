/** Files of a line that are still on their way, each with its small picture as one thing. */
import { uploadsOf } from '#client/media/media.ts';
import type { UploadRow } from '#client/media/media.ts';
import type { Attachment } from '#protocol/media/attachments.ts';

/** A file that the city does not have yet. */
export interface LeavingFile {
  readonly file: Attachment;
  /** What is sent for it. */
  readonly hashes: readonly string[];
  readonly state: 'waiting' | 'sending' | 'paused' | 'failed';
  /** 0…1 of its bytes. */
  readonly part: number;
}

const STATES = ['failed', 'paused', 'sending', 'waiting'] as const;

/** The files among these that are on their way, in their order; what is not among the rows is stored. */
export const leavingFiles = (files: readonly Attachment[], rows: readonly UploadRow[]): LeavingFile[] =>
  files.flatMap((file) => {
    const hashes = uploadsOf([file]);
    const own = rows.filter(({ hash }) => hashes.includes(hash));
    const left = own.filter((row) => row.state !== 'stored');
    const state = STATES.find((one) => left.some((row) => row.state === one));
    if (!state) return [];
    const sum = (of: (row: UploadRow) => number): number => own.reduce((all, row) => all + of(row), 0);
    const part = Math.min(
      1,
      sum(({ sent }) => sent) /
        Math.max(
          1,
          sum(({ size }) => size),
        ),
    );
    return [{ file, hashes: left.map(({ hash }) => hash), state, part }];
  });
