import { expect, test } from 'vitest';
import { actionOf } from './acting.ts';
import { previewText } from './mentions.ts';

test('a line of /me says what its author does', () => {
  expect(actionOf('/me waves')).toBe('waves');
  expect(actionOf('/me   waves\nand smiles')).toBe('waves\nand smiles');
});

test.each(['/me', '/me ', '/mean words', ' /me waves', '/ME waves', 'say /me waves', '//me waves'])(
  '%j is a line like others',
  (text) => {
    expect(actionOf(text)).toBeUndefined();
  },
);

test('in one line, neither the sign nor the signs of weight stand there', () => {
  const nameOf = (): string => 'Ada';
  expect(previewText('/me **waves**', nameOf)).toBe('waves');
  expect(previewText('> said\n- a *b* ~~c~~ `d`', nameOf)).toBe('said a b c d');
  expect(previewText('2*3*4 and **open', nameOf)).toBe('2*3*4 and **open');
});
