import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { makeStatus, parseStatus } from './status.ts';

const heard = (content: string, tags: string[][] = [['d', 'general']], kind = 30315) =>
  parseStatus(fakeEvent({ kind, content, tags }));

test('what is said is read again, with its end', () => {
  for (const status of [{ text: 'At the quay' }, { text: 'At the quay', until: 1_800_000_600 }, { text: '' }])
    expect(parseStatus(fakeEvent(makeStatus(status)))).toEqual(status);
});

test('one safe line, whatever strangers say', () => {
  expect(heard('Away\n\u202eand\u200b back')).toEqual({ text: 'Away and back' });
  expect(heard('x'.repeat(500))?.text).toHaveLength(80);
  expect(
    heard('', [
      ['d', 'general'],
      ['expiration', 'soon'],
    ]),
  ).toEqual({ text: '' });
  expect(heard('♫ a song', [['d', 'music']])).toBeUndefined();
  expect(heard('hi', [['d', 'general']], 1)).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(heard(text)?.text).not.toMatch(/[\n\u202e\u200b]/);
    }),
  );
});
