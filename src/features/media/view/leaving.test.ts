import { expect, test } from 'vitest';
import type { UploadRow, UploadState } from '#client/media/media.ts';
import { leavingFiles } from './leaving.ts';

const [a, b, small] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const picture = {
  url: `https://city.test/${a}.webp`,
  type: 'image/webp',
  hash: a,
  thumb: `https://city.test/${small}.webp`,
};
const sound = { url: `https://city.test/${b}.ogg`, type: 'audio/ogg', hash: b };
const row = (hash: string, state: UploadState, sent = 0, size = 100): UploadRow => ({
  ...{ hash, state, sent, size, name: 'x', type: 'x/y' },
});

test('what is not on its way is stored', () => {
  expect(leavingFiles([picture, sound], [])).toEqual([]);
  expect(leavingFiles([picture, sound], [row(a, 'stored', 100), row('d'.repeat(64), 'sending')])).toEqual([]);
});

test('a file and its small picture are one', () => {
  expect(leavingFiles([picture], [row(a, 'sending', 40), row(small, 'stored', 100)])).toEqual([
    { file: picture, hashes: [a], state: 'sending', part: 0.7 },
  ]);
  expect(leavingFiles([picture], [row(a, 'waiting'), row(small, 'waiting')])).toMatchObject([
    { hashes: [a, small], part: 0 },
  ]);
});

test('what needs the person’s hand goes before what goes on by itself', () => {
  const state = (...states: UploadState[]) =>
    leavingFiles(
      [picture],
      states.map((one, at) => row(at === 0 ? a : small, one)),
    )[0]?.state;
  expect(state('sending', 'failed')).toBe('failed');
  expect(state('waiting', 'sending')).toBe('sending');
  expect(state('paused', 'waiting')).toBe('paused');
});

test('files stand in the order of the line; an empty one divides by nothing', () => {
  const leaving = leavingFiles([sound, picture], [row(a, 'waiting', 0, 0), row(b, 'sending', 100)]);
  expect(leaving.map(({ file, part }) => [file.type, part])).toEqual([
    ['audio/ogg', 1],
    ['image/webp', 0],
  ]);
});
