import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkOf, shareText, withShared } from './share-text.ts';

const words = (title: string, text: string, url: string) => ({ title, text, url });

test.each([
  [words('Lisbon', 'Come along', 'https://a.example/x'), 'Lisbon\nCome along\nhttps://a.example/x'],
  [words('', 'See https://a.example/x', 'https://a.example/x'), 'See https://a.example/x'],
  [words('Come along', 'Come along', ''), 'Come along'],
  [words('Title', '', 'https://a.example'), 'Title\nhttps://a.example'],
  [words('  ', ' one\ntwo ', ''), 'one\ntwo'],
  [words('', '', ''), ''],
])('%j becomes %j', (given, text) => expect(shareText(given)).toBe(text));

test('every part is in the text, whatever they are', () => {
  const part = fc.string({ maxLength: 30 });
  fc.assert(
    fc.property(part, part, part, (title, text, url) => {
      const whole = shareText(words(title, text, url));
      for (const each of [title, text, url]) expect(whole).toContain(each.trim());
    }),
  );
});

test('a draft is never lost: what is shared comes behind it', () => {
  expect(withShared('', 'new')).toBe('new');
  expect(withShared(' \n', 'new')).toBe('new');
  expect(withShared('half a thought ', 'new')).toBe('half a thought\nnew');
});

test('the link is found in any part, and only one that can be followed', () => {
  expect(linkOf(words('', 'see https://a.example/x?y=1 now', ''))?.href).toBe('https://a.example/x?y=1');
  expect(linkOf(words('', 'javascript:alert(1)', ''))).toBeUndefined();
  expect(linkOf(words('', 'https://', ''))).toBeUndefined();
});
