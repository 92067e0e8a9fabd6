import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeImeta, parseImeta } from './attachments.ts';
import { makeWaveform, parseWaveform, WAVEFORM_LENGTH } from './waveforms.ts';

test('however long, it is few numbers, and its peaks are kept', () => {
  const levels = Array.from({ length: 6_000 }, (_, index) => (index === 4_000 ? 0.5 : 0.1));
  const waveform = makeWaveform(levels);
  expect(waveform).toHaveLength(WAVEFORM_LENGTH);
  expect(Math.max(...waveform)).toBe(100);
  expect(waveform.indexOf(100)).toBe(Math.floor((4_000 / 6_000) * WAVEFORM_LENGTH));
  expect(waveform[0]).toBe(20);
});

test('silence is silence, and nothing is nothing', () => {
  expect(makeWaveform([0, 0, 0])).toEqual([0, 0, 0]);
  expect(makeWaveform([])).toEqual([]);
  expect(makeWaveform([Number.NaN, -1, Infinity])).toEqual([]);
});

test('what is made is read, through an attachment too', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 500 }),
      (levels) => {
        const waveform = makeWaveform(levels);
        expect(parseWaveform(waveform.join(' '))).toEqual(waveform);
        const file = { url: 'https://city.example/a.webm', type: 'audio/webm', waveform };
        expect(parseImeta(makeImeta(file))?.waveform).toEqual(waveform);
      },
    ),
  );
});

test.each(['', '7', '1 2 101', '1  2', '1 -2', '1.5 2', 'a b', '9 '.repeat(400).trim(), '1 2 <b>'])(
  '%j is no waveform',
  (text) => {
    expect(parseWaveform(text)).toBeUndefined();
    expect(
      parseImeta(['imeta', 'url https://a.example/a.webm', 'm audio/webm', `waveform ${text}`]),
    ).not.toHaveProperty('waveform');
  },
);

test('any text is read or is not', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseWaveform(text)));
});
