import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addMention,
  fromWire,
  insertMention,
  mentionQuery,
  previewText,
  toWire,
  wholeText,
} from './mentions.ts';
import { personReference } from './references.ts';

const ANNA = 'a1'.repeat(32);
const BEN = 'b2'.repeat(32);
const names: Record<string, string> = { [ANNA]: 'Anna', [BEN]: 'Anna Maria' };
const nameOf = (pubkey: string) => names[pubkey] ?? pubkey.slice(0, 8);

describe('the @ being typed', () => {
  test.each([
    ['@', 1, { from: 0, query: '' }],
    ['hi @an', 6, { from: 3, query: 'an' }],
    ['hi @anna ma', 11, { from: 3, query: 'anna ma' }],
    ['(@an', 4, { from: 1, query: 'an' }],
    ['hi @an there', 6, { from: 3, query: 'an' }],
    ['hi @أن', 6, { from: 3, query: 'أن' }],
  ])('%j at %d', (text, caret, expected) => {
    expect(mentionQuery(text, caret)).toEqual(expected);
  });

  test.each([
    ['me@example', 10],
    ['hi @ there', 10],
    ['@anna\nnext', 10],
    ['plain', 5],
    [`@${'x'.repeat(60)}`, 61],
  ])('%j at %d is none', (text, caret) => {
    expect(mentionQuery(text, caret)).toBeUndefined();
  });

  test('choosing replaces what was typed and leaves one space', () => {
    expect(insertMention('hi @an there', 6, 3, 'Anna')).toEqual({ text: 'hi @Anna there', caret: 9 });
    expect(insertMention('@a', 2, 0, 'Anna')).toEqual({ text: '@Anna ', caret: 6 });
  });
});

describe('to the wire and back', () => {
  const mentions = [
    { label: 'Anna', pubkey: ANNA },
    { label: 'Anna Maria', pubkey: BEN },
  ];

  test('the longest name wins, people come once, unnamed ones not at all', () => {
    expect(toWire({ text: '@Anna Maria and @Anna, @Anna', mentions })).toEqual({
      text: `${personReference(BEN)} and ${personReference(ANNA)}, ${personReference(ANNA)}`,
      mentions: [BEN, ANNA],
    });
    expect(toWire({ text: 'nobody', mentions }).mentions).toEqual([]);
  });

  test('a longer word is another word, and code stays code', () => {
    expect(toWire({ text: '@Annabel `@Anna` ```@Anna```', mentions })).toEqual({
      text: '@Annabel `@Anna` ```@Anna```',
      mentions: [],
    });
  });

  test('names with signs of their own are no patterns', () => {
    const odd = [{ label: 'A.*(b)+$', pubkey: ANNA }];
    expect(toWire({ text: '@A.*(b)+$ @Axxb', mentions: odd }).text).toBe(`${personReference(ANNA)} @Axxb`);
  });

  test('two of one name are told apart', () => {
    const first = addMention([], 'Anna', ANNA);
    const second = addMention(first.mentions, 'Anna', BEN);
    expect(second.label).toBe('Anna·b2b2');
    expect(addMention(second.mentions, 'Anna', BEN).label).toBe('Anna·b2b2');
  });

  test('there and back is the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('@Anna', '@Anna Maria', ' ', ', ', 'word', '\n'), { maxLength: 12 }),
        (parts) => {
          const wire = toWire({ text: parts.join(' '), mentions });
          expect(toWire(fromWire(wire.text, nameOf))).toEqual(wire);
        },
      ),
    );
  });
});

test('a preview is one plain line with names', () => {
  expect(previewText(`hi ${personReference(ANNA)}\n\`code\` https://a.example/x`, nameOf)).toBe(
    'hi @Anna code a.example/x',
  );
  expect(previewText('x'.repeat(300), nameOf, 20)).toHaveLength(20);
});

test('the whole text is one plain line too, however long', () => {
  const text = `${'boats and harbors\n'.repeat(300)}hi ${personReference(ANNA)}`;
  expect(wholeText(text, nameOf)).toBe(`${'boats and harbors '.repeat(300)}hi @Anna`);
});
