import { expect, test } from 'vitest';
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
  [[{ type: 'application/pdf', name: 'map.pdf' }], 'map.pdf'],
  [[{ type: 'application/zip' }], 'File'],
  [[picture, { type: 'video/mp4' }], '2 files'],
  [[], ''],
])('%j is called %s', (files, words) => {
  expect(fileWords(files)).toBe(words);
});
