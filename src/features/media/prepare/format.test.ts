import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatOf } from './format.ts';

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test.each([
  ['\xff\xd8\xff\xe0', 'jpeg'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['RIFF\0\0\0\0WEBPVP8 ', 'webp'],
  ['GIF89a', 'gif'],
  ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'heic'],
  ['\0\0\0\x18ftypmif1\0\0\0\0mif1avif', 'avif'],
  ['\0\0\0\x18ftypavif\0\0\0\0', 'avif'],
  ['\0\0\0\x18ftypqt  \0\0\0\0', 'film'],
  ['\0\0\0\x18ftypisom\0\0\0\0', 'film'],
  ['\0\0\0\x18ftypM4A \0\0\0\0', 'sound'],
  ['\x1aE\xdf\xa3', 'film'],
  ['OggS', 'sound'],
  ['ID3\x04', 'sound'],
  ['\xff\xfb\x90\x00', 'sound'],
  ['RIFF\0\0\0\0WAVEfmt ', 'sound'],
  ['%PDF-1.7', 'pdf'],
  ['junk before %PDF-1.7', 'pdf'],
  ['<svg xmlns="">', 'svg'],
  ['<?xml version="1.0"?>\n<!-- a --> <!DOCTYPE svg>\n<svg>', 'svg'],
  ['<html><svg>', 'other'],
  ['MZ\x90\0', 'other'],
  ['PK\x03\x04', 'other'],
  ['', 'other'],
])('%j is %s', (text, format) => expect(formatOf(latin(text))).toBe(format));

test('any bytes have a format, and soon', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4_096 }), (bytes) => {
      expect(formatOf(bytes)).toBeTypeOf('string');
    }),
  );
});

test('a text that is about to be a drawing for ever costs no time', () => {
  const began = performance.now();
  formatOf(latin('<!-- --> '.repeat(500)));
  formatOf(latin(`<?xml ${'?'.repeat(4_000)}`));
  expect(performance.now() - began).toBeLessThan(1_000);
});
