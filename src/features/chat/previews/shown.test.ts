import { expect, test } from 'vitest';
import { addressIn, shownPreviews } from './shown.ts';

const card = (url: string) => ({ url, title: 'Your bank' });

test('the first address of a line is the one that is looked at', () => {
  expect(addressIn('see https://a.example/x, and https://b.example')).toBe('https://a.example/x');
  expect(addressIn('see www.harbour.org')).toBe('https://www.harbour.org/');
  expect(addressIn('`https://a.example` and words')).toBeUndefined();
  expect(addressIn('no address: a.example, javascript:alert(1)')).toBeUndefined();
});

test('a card is shown for a link of the line, and for no other', () => {
  const hosts = (text: string, ...urls: string[]) =>
    shownPreviews(text, urls.map(card)).map(({ host }) => host);
  expect(hosts('see https://a.example/x.', 'https://a.example/x')).toEqual(['a.example']);
  expect(hosts('see www.harbour.org', 'https://www.harbour.org')).toEqual(['www.harbour.org']);
  expect(hosts('see https://A.example', 'https://a.example/')).toEqual(['a.example']);
  // The words of one address within another are no link.
  expect(hosts('see https://bank.example.evil.test/', 'https://bank.example')).toEqual([]);
  expect(hosts('see https://evil.test/?https://bank.example', 'https://bank.example')).toEqual([]);
  expect(hosts('nothing here', 'https://bank.example')).toEqual([]);
  expect(hosts('`https://bank.example`', 'https://bank.example')).toEqual([]);
});

test('the host is what the network has, whatever the letters look like', () => {
  const [shown] = shownPreviews('go to https://аpple.com/login', [card('https://аpple.com/login')]);
  expect(shown).toMatchObject({ host: 'xn--pple-43d.com', href: 'https://xn--pple-43d.com/login' });
  const [plain] = shownPreviews('http://bücher.de/a', [card('http://bücher.de/a')]);
  expect(plain?.host).toBe('bücher.de');
});
