import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePage, readPage } from './page.ts';

const AT = 'https://paper.example/news/tides';
const bytes = (text: string) => new TextEncoder().encode(text);

test('what a page says for cards goes before what it says for itself', () => {
  const page = `<!doctype html><html><head><title>Plain &amp; title</title>
    <meta name="description" content="Plain words"><meta property="og:title" content="Card &#8220;title&#8221;">
    <meta property="og:description" content="Card words"><meta property="og:site_name" content="The Paper">
    <meta property="og:image" content="/a.png"></head>`;
  expect(readPage(page, AT)).toEqual({
    title: 'Card “title”',
    description: 'Card words',
    site: 'The Paper',
    picture: 'https://paper.example/a.png',
  });
});

test('a plain page has its title and its description', () => {
  expect(readPage('<TITLE>One\n two</TITLE><META NAME="Description" CONTENT="three">', AT)).toEqual({
    title: 'One\n two',
    description: 'three',
  });
});

test('a title in a drawing, a script, a comment or a string is none', () => {
  const page = `<script>"<title>no</title><meta property='og:title' content='no'>"</script>
    <!-- <title>no</title> --><style>title{}</style><svg><title>no</title></svg>
    <noscript><meta property="og:title" content="no"></noscript>
    <template><title>no</title></template><p title="no">x</p><title>Yes</title><title>Later</title>`;
  expect(readPage(page, AT)).toEqual({ title: 'Yes' });
});

test('pictures lie on the web or nowhere; a base is heeded, unless it leads off the web', () => {
  const picture = (content: string, before = '') =>
    readPage(`${before}<meta property="og:image" content="${content}">`, AT).picture;
  expect(picture('b/c.png')).toBe('https://paper.example/news/b/c.png');
  expect(picture('//cdn.example/c.png')).toBe('https://cdn.example/c.png');
  expect(picture('c.png', '<base href="/base/">')).toBe('https://paper.example/base/c.png');
  expect(picture('c.png', '<base href="file:///etc/">')).toBe('https://paper.example/news/c.png');
  for (const bad of ['data:image/png;base64,AAAA', 'file:///etc/passwd', 'javascript:1', 'https://[x'])
    expect(picture(bad)).toBeUndefined();
});

test('a page that never ends, or nests without end, is read in a moment and keeps little', () => {
  expect(readPage(`${'<div>'.repeat(100_000)}<title>Deep</title>`, AT).title).toBe('Deep');
  expect(readPage(`<title>${'x'.repeat(400_000)}`, AT).title).toHaveLength(4_000);
  expect(readPage(`<meta property="og:title" content="${'&amp;'.repeat(90_000)}`, AT)).toEqual({});
  expect(readPage(`<meta ${'a=1 '.repeat(100_000)} property="og:title" content="T">`, AT)).toEqual({
    title: 'T',
  });
});

test('a page is read in the letters it is written in', () => {
  const latin = Uint8Array.from([...bytes('<title>caf'), 0xe9, ...bytes('</title>')]);
  expect(decodePage(latin, 'text/html; charset=iso-8859-1')).toBe('<title>café</title>');
  const meta = '<meta charset="shift_jis">';
  const japanese = Uint8Array.from([...bytes(`${meta}<title>`), 0x8d, 0x60, ...bytes('</title>')]);
  expect(decodePage(japanese, 'text/html')).toBe(`${meta}<title>港</title>`);
  const http = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">';
  expect(decodePage(Uint8Array.from([...bytes(http), 0xcf]), 'text/html')).toBe(`${http}П`);
  expect(decodePage(Uint8Array.from([0xff, 0xfe, 0x41, 0]), 'text/html; charset=utf-8')).toBe('A');
  expect(decodePage(bytes('ü'), 'text/html; charset=klingon')).toBe('ü');
  expect(decodePage(Uint8Array.from([0x41, 0xff]), 'text/html')).toBe('A\ufffd');
});

test('no bytes of anybody break it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.string({ maxLength: 40 }), (page, type) => {
      const words = readPage(decodePage(page, type), AT);
      expect(words.picture === undefined || words.picture.startsWith('http')).toBe(true);
    }),
  );
});
