import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dispositionOf, fileHeaders, safeFileName, safeType } from './file-headers.ts';

test.each([
  ['video/mp4', 'video/mp4'],
  ['Audio/MPEG; codecs=x', 'audio/mpeg'],
  ['text/html', 'application/octet-stream'],
  ['image/svg+xml', 'application/octet-stream'],
  ['application/xhtml+xml', 'application/octet-stream'],
  ['text/javascript', 'application/octet-stream'],
  ['video/mp4\r\nset-cookie: a=b', 'application/octet-stream'],
  ['', 'application/octet-stream'],
])('%j is told to be %s', (type, told) => {
  expect(safeType(type)).toBe(told);
});

test.each([
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\Windows\\a.exe', 'C__Windows_a.exe'],
  ['a\r\nContent-Type: text/html\r\n\r\n.mp4', 'a Content-Type_ text_html.mp4'],
  ['harbour‮4pm.exe', 'harbour4pm.exe'],
  ['a".mp4; filename=b.exe', 'a_.mp4; filename=b.exe'],
  ['...', 'file.mp4'],
  ['', 'file.mp4'],
  ['.bashrc', 'bashrc'],
  [`${'x'.repeat(400)}.mp4`, `${'x'.repeat(120)}.mp4`],
  ['hafen früh.mp4', 'hafen früh.mp4'],
])('%j is saved as %j', (name, saved) => {
  expect(safeFileName(name, 'video/mp4')).toBe(saved);
});

test('other letters stand in the form that has them, and in a plain one', () => {
  expect(dispositionOf("früh's (1).mp4", 'video/mp4')).toBe(
    `attachment; filename="fr_h's (1).mp4"; filename*=UTF-8''fr%C3%BCh%27s%20%281%29.mp4`,
  );
});

test('no name breaks the header, and none leads out of a folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const header = dispositionOf(name, 'video/mp4');
      expect(header).toMatch(
        /^attachment; filename="[\x20-\x21\x23-\x7e]+"; filename\*=UTF-8''[\w.!~%&#$+^`|-]+$/,
      );
      expect(decodeURIComponent(header.split("''")[1] ?? '')).not.toMatch(/[/\\\n\r\u202e\u2066]|^\./);
      expect(() => new Headers({ 'content-disposition': header })).not.toThrow();
    }),
  );
});

test('what is played is never a page, never kept, and says its part', () => {
  const file = { type: 'text/html', name: 'a', size: 100, use: 'play' } as const;
  expect(fileHeaders(file, { start: 10, end: 19 })).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': '10',
    'content-range': 'bytes 10-19/100',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
});
