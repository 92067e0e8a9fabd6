import { expect, test } from 'vitest';
import type { Attachment } from '#protocol/media/attachments.ts';
import { fail, ok } from '#shared/result.ts';
import { handedFiles, holdsFiles, sendWithFiles } from './attaching.ts';
import type { FileTray } from './media-port.ts';

const file: Attachment = { url: 'https://city.example/a', type: 'image/png' };

const trayWith = (answer: Awaited<ReturnType<FileTray['take']>>, isEmpty = false) => {
  const deeds: string[] = [];
  const tray: FileTray = {
    isEmpty,
    isReady: true,
    add: () => undefined,
    take: () => Promise.resolve(answer),
    putBack: () => void deeds.push('back'),
    sent: () => void deeds.push('sent'),
  };
  return { tray, deeds };
};

test('a line takes the files with it', async () => {
  const { tray, deeds } = trayWith(ok([file]));
  let went: readonly Attachment[] = [];
  const isSent = await sendWithFiles(
    tray,
    (files) => Promise.resolve((went = files).length > 0),
    () => undefined,
  );
  expect([isSent, went, deeds]).toEqual([true, [file], ['sent']]);
});

test('files whose line was not sent lie in the tray again, also when sending breaks', async () => {
  const refused = trayWith(ok([file]));
  expect(
    await sendWithFiles(
      refused.tray,
      () => Promise.resolve(false),
      () => undefined,
    ),
  ).toBe(false);
  expect(refused.deeds).toEqual(['back']);
  const broken = trayWith(ok([file]));
  const sending = sendWithFiles(
    broken.tray,
    () => Promise.reject(new Error('broken')),
    () => undefined,
  );
  await expect(sending).rejects.toThrow('broken');
  expect(broken.deeds).toEqual(['back']);
});

test('what cannot be handed over is said, and no line goes out without it', async () => {
  const { tray } = trayWith(fail('storage', 'No room left.'));
  const said: string[] = [];
  let isCalled = false;
  const isSent = await sendWithFiles(
    tray,
    () => Promise.resolve((isCalled = true)),
    (words) => said.push(words),
  );
  expect([isSent, isCalled, said]).toEqual([false, false, ['No room left.']]);
});

test('words alone go by without the tray', async () => {
  const { tray, deeds } = trayWith(ok([]), true);
  const count = (files: readonly Attachment[]) => Promise.resolve(files.length === 0);
  expect(await sendWithFiles(tray, count, () => undefined)).toBe(true);
  expect(await sendWithFiles(undefined, count, () => undefined)).toBe(true);
  expect(deeds).toEqual([]);
});

const clipboard = (types: string[], text: string, count: number) => ({
  types,
  getData: () => text,
  files: Array.from({ length: count }, () => new File(['x'], 'x.png')) as unknown as FileList,
});

test('a pasted picture is a file; a document’s picture of its own words is not', () => {
  expect(handedFiles(clipboard(['Files'], '', 2))).toHaveLength(2);
  expect(handedFiles(clipboard(['Files', 'text/html'], '', 1))).toHaveLength(1);
  expect(handedFiles(clipboard(['Files', 'text/plain'], 'boat.png', 1))).toHaveLength(1);
  expect(handedFiles(clipboard(['text/plain', 'text/html', 'Files'], 'a table', 1))).toEqual([]);
  expect(handedFiles(clipboard(['text/plain'], 'words', 0))).toEqual([]);
  expect(handedFiles(null)).toEqual([]);
  expect([holdsFiles({ types: ['Files'] }), holdsFiles({ types: ['text/plain'] }), holdsFiles(null)]).toEqual(
    [true, false, false],
  );
});
