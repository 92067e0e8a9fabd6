import { expect, test } from 'vitest';
import { followLaunches, sortFile } from './launched-files.ts';
import type { LaunchedFile } from './launched-files.ts';

const code = `ncryptsec1${'q'.repeat(60)}`;
const file = (name: string, text: string) => new File([text], name);

test('a backup is known by its name, a recovery file by what is in it', async () => {
  expect((await sortFile(file('a.CITYBACKUP', '')))?.kind).toBe('backup');
  expect((await sortFile(file('anything.txt', `Recovery file\n${code}`)))?.kind).toBe('recovery');
  expect(await sortFile(file('shopping.txt', 'milk'))).toBeUndefined();
  expect(await sortFile(file('huge.txt', `${' '.repeat(200_000)}${code}`))).toBeUndefined();
});

/** The browser's queue with what it was asked to hand over. */
const launch = async (...files: { getFile(): Promise<File> }[]) => {
  const heard: (LaunchedFile | undefined)[] = [];
  const launchQueue = {
    setConsumer: (consume: (given: { files: typeof files }) => void) => consume({ files }),
  };
  followLaunches((given) => heard.push(given), { launchQueue });
  await new Promise((resolve) => setTimeout(resolve, 20));
  return heard;
};

test('the file that was opened is heard of, a stranger’s or an unreadable one as none of ours', async () => {
  const given = { getFile: () => Promise.resolve(file('a.citybackup', '')) };
  expect((await launch(given)).map((each) => each?.kind)).toEqual(['backup']);
  expect(await launch({ getFile: () => Promise.resolve(file('b.txt', 'milk')) })).toEqual([undefined]);
  expect(await launch({ getFile: () => Promise.reject(new Error('gone')) })).toEqual([undefined]);
  expect(await launch()).toEqual([]);
});

test('a browser without a queue hears of nothing', () => {
  expect(() => followLaunches(() => undefined, {})).not.toThrow();
});
