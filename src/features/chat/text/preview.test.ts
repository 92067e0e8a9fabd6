import { expect, test } from 'vitest';
import { makeSealedFile } from '#protocol/media/sealed-files.ts';
import { makeFileKey } from '#protocol/media/sealing.ts';
import { fileWords, linePreview } from './preview.ts';

const nameOf = () => 'Anna';
const picture = { type: 'image/webp', name: 'x.webp' };

test('a line’s own words go before words for its files', () => {
  expect(linePreview({ text: 'look', files: [picture] }, nameOf)).toBe('look');
  expect(linePreview({ text: '', files: [picture] }, nameOf)).toBe('Picture');
  expect(linePreview({ text: ' \n', files: [picture, picture, picture] }, nameOf)).toBe('3 pictures');
  expect(linePreview({ text: '' }, nameOf)).toBe('');
  expect(linePreview({ text: 'x'.repeat(300) }, nameOf, 20)).toHaveLength(20);
});

test.each([
  [[{ type: 'video/mp4' }], 'Video'],
  [[{ type: 'audio/mp4' }], 'Sound'],
  [[{ type: 'audio/mp4', duration: 42.3 }], 'Sound, 0:42'],
  [[{ type: 'video/mp4', duration: 3727 }], 'Video, 1:02:07'],
  [[{ type: 'application/pdf', name: 'map.pdf' }], 'map.pdf'],
  [[{ type: 'application/zip' }], 'File'],
  [[picture, { type: 'video/mp4' }], '2 files'],
  [[], ''],
])('%j is called %s', (files, words) => {
  expect(fileWords(files)).toBe(words);
});

test('a line of private talk that is a file is called what the file is', () => {
  const hash = 'a'.repeat(64);
  const file = { url: `https://city.test/${hash}.bin`, hash, type: 'audio/mp4', duration: 42 };
  const sealed = makeSealedFile({ ...file, key: makeFileKey(10) }, []);
  expect(linePreview({ text: '', sealed }, nameOf)).toBe('Sound, 0:42');
  expect(linePreview({ text: '', sealed: { ...sealed, content: '' }, files: [] }, nameOf)).toBe('');
});
