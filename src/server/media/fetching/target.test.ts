import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTarget } from './target.ts';

test.each([
  ['https://pictures.example/a.jpg', 'https://pictures.example/a.jpg'],
  ['http://pictures.example:80/a.jpg#part', 'http://pictures.example/a.jpg'],
  ['https://pictures.example:443/a?b=c', 'https://pictures.example/a?b=c'],
  ['http://pictures.example:443/', 'http://pictures.example:443/'],
  ['HTTPS://PICTURES.example', 'https://pictures.example/'],
])('%s may be asked', (address, href) => expect(parseTarget(address)?.href).toBe(href));

test.each([
  'http://pictures.example:8080/',
  'http://pictures.example:22/',
  'https://pictures.example:6379/',
  'https://me:secret@pictures.example/',
  'https://me@pictures.example/',
  'https://8.8.8.8@127.0.0.1:8080/',
  'ftp://pictures.example/',
  'file:///etc/passwd',
  'gopher://pictures.example/',
  'data:image/png;base64,AAAA',
  'blob:https://pictures.example/x',
  'javascript:alert(1)',
  'ws://pictures.example/',
  '//pictures.example/',
  '/a.jpg',
  'http://',
  'http://[::1',
  'http://1.2.3.4.5/',
  'http://0x100000000/',
  '',
  `https://pictures.example/${'a'.repeat(2048)}`,
  `https://pictures.example/${'ä'.repeat(1000)}`,
])('%s may not', (address) => expect(parseTarget(address)).toBeUndefined());

test('only the ports of a test are more', () => {
  expect(parseTarget('http://127.0.0.1:4320/', new Set([4320]))?.port).toBe('4320');
  expect(parseTarget('http://127.0.0.1:4321/', new Set([4320]))).toBeUndefined();
});

test('no text makes it throw, and what passes is http on a usual port without a name in it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), (text) => {
      const url = parseTarget(text);
      if (!url) return;
      expect(['http:', 'https:']).toContain(url.protocol);
      expect(['', '80', '443']).toContain(url.port);
      expect(url.username + url.password + url.hash).toBe('');
    }),
  );
});
