/** Files that the operating system opens with the city: which of ours they are. Only the way they are given is new: they are read where they always are. */

/** A recovery file, or a backup. */
export type LaunchedFile = { readonly kind: 'recovery' | 'backup'; readonly file: File };

const BACKUP = /\.citybackup$/i;
const MOST_TEXT = 100_000;

/** Chromium's queue, which TypeScript's library does not know. */
interface LaunchQueue {
  setConsumer(consume: (given: { readonly files?: readonly { getFile(): Promise<File> }[] }) => void): void;
}

/** What a file is; undefined for one that is none of ours. */
export const sortFile = async (file: File): Promise<LaunchedFile | undefined> => {
  if (BACKUP.test(file.name)) return { kind: 'backup', file };
  const text = await file.slice(0, MOST_TEXT).text();
  return /ncryptsec1[02-9ac-hj-np-z]{58}/i.test(text) ? { kind: 'recovery', file } : undefined;
};

/** Hears of files that were opened with the city: the first of each time, or undefined for one that is none of ours. */
export const followLaunches = (
  hear: (file: LaunchedFile | undefined) => void,
  scope: object = window,
): void => {
  const queue = (scope as { launchQueue?: LaunchQueue }).launchQueue;
  queue?.setConsumer(({ files = [] }) => {
    const [first] = files;
    if (!first) return;
    first
      .getFile()
      .then(sortFile)
      .then(hear, () => hear(undefined));
  });
};
