import { Buffer } from 'node:buffer';
import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { servingHeaders } from './serving.ts';
import { sniffTail, sniffType } from './sniff.ts';

const OCTETS = 'application/octet-stream';
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const pixels = () =>
  sharp({ create: { width: 16, height: 12, channels: 3, background: { r: 200, g: 90, b: 30 } } });

const typeOf = async (bytes: Uint8Array, declared: string): Promise<string> => {
  const sniffed = await sniffType(bytes, declared);
  return sniffed.ok ? sniffed.value.type : sniffed.error.code;
};

const mp4 = (brand: string): Buffer =>
  Buffer.concat([
    latin('\0\0\0\x18ftyp'),
    latin(brand),
    latin('\0\0\0\x01isommp42'),
    latin('\0\0\0\x08free'),
  ]);
/** An EBML head with a document type. */
const matroska = (docType: string): Buffer => {
  const body = Buffer.concat([
    Buffer.from('4286810142f7810142f2810442f381084282', 'hex'),
    Buffer.from([0x80 | docType.length]),
    latin(docType),
    Buffer.from('42878104428581021853806701ffffffffffffff', 'hex'),
  ]);
  return Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.from([0x80 | (body.length - 12)]), body]);
};
const wav = Buffer.concat([latin('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0'), Buffer.alloc(40)]);
const mp3 = Buffer.concat([
  latin('ID3\x04\0\0\0\0\0\x0a'),
  Buffer.alloc(10),
  Buffer.from('fffb9064', 'hex'),
  Buffer.alloc(400),
]);
const ogg = Buffer.concat([
  latin('OggS\0\x02'),
  Buffer.alloc(20),
  latin('\x01\x13OpusHead\x01\x02'),
  Buffer.alloc(20),
]);
const flac = Buffer.concat([latin('fLaC\0\0\0\x22'), Buffer.alloc(40)]);
const pdf = latin('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n');
const drawing = latin(
  '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><rect width="4" height="4"/></svg>',
);

test('pictures are what their bytes say', async () => {
  const made = [
    ['image/jpeg', await pixels().jpeg().toBuffer()],
    ['image/png', await pixels().png().toBuffer()],
    ['image/webp', await pixels().webp().toBuffer()],
    ['image/gif', await pixels().gif().toBuffer()],
    ['image/avif', await pixels().avif().toBuffer()],
  ] as const;
  for (const [type, bytes] of made) {
    expect(await typeOf(bytes, type)).toBe(type);
    // A picture by a wrong name is still a picture, by its right one.
    expect(await typeOf(bytes, 'image/png')).toBe(type);
    expect(await typeOf(bytes, `${type.toUpperCase()}; charset=x`)).toBe(type);
    for (const lie of ['video/mp4', 'audio/mpeg', 'application/pdf', 'text/html', OCTETS, ''])
      expect(await typeOf(bytes, lie)).toBe('type');
  }
});

test.each([
  ['video/mp4', mp4('isom'), 'video/mp4'],
  ['audio/mp4', mp4('isom'), 'audio/mp4'],
  ['audio/mp4', mp4('M4A '), 'audio/mp4'],
  ['video/quicktime', mp4('qt  '), 'video/quicktime'],
  ['image/heic', mp4('heic'), 'image/heic'],
  ['video/webm', matroska('webm'), 'video/webm'],
  ['audio/webm;codecs=opus', matroska('webm'), 'audio/webm'],
  ['video/x-matroska', matroska('matroska'), 'video/x-matroska'],
  ['audio/wav', wav, 'audio/wav'],
  ['audio/x-wav', wav, 'audio/wav'],
  ['audio/mpeg', mp3, 'audio/mpeg'],
  ['audio/mp3', mp3, 'audio/mpeg'],
  ['audio/ogg', ogg, 'audio/ogg'],
  ['audio/flac', flac, 'audio/flac'],
  ['application/pdf', pdf, 'application/pdf'],
  ['image/svg+xml', drawing, 'image/svg+xml'],
])('%s', async (declared, bytes, type) => expect(await typeOf(bytes, declared)).toBe(type));

test.each([
  ['sound said to be a picture', wav, 'image/png'],
  ['a video said to be a picture', mp4('isom'), 'image/avif'],
  ['a drawing said to be a photo', drawing, 'image/png'],
  ['a PDF said to be a picture', pdf, 'image/png'],
  ['nothing', latin(''), 'image/png'],
  ['text', latin('hello, this is a picture'), 'image/png'],
  ['a page', latin('<!doctype html><script>alert(1)</script>'), 'image/png'],
  ['a page as itself', latin('<!doctype html><p>hello'), 'text/html'],
  ['a page as a drawing', latin('<html><svg></svg></html>'), 'image/svg+xml'],
  [
    'a Windows program',
    Buffer.concat([latin('MZ'), Buffer.alloc(58), latin('\x80\0\0\0'), Buffer.alloc(64), latin('PE\0\0')]),
    'image/png',
  ],
  ['a Linux program', latin(`\x7fELF\x02\x01\x01${'\0'.repeat(60)}`), 'video/mp4'],
  ['a program for macOS', latin(`\xcf\xfa\xed\xfe${'\0'.repeat(60)}`), 'image/png'],
  ['Java', latin(`\xca\xfe\xba\xbe\0\0\0\x34${'\0'.repeat(60)}`), 'image/png'],
  ['WebAssembly', latin('\0asm\x01\0\0\0'), 'image/png'],
  ['a script', latin('#!/bin/sh\nrm -rf ~\n'), 'image/png'],
  ['an archive', latin(`PK\x03\x04\x14\0\0\0\x08\0${'\0'.repeat(30)}`), 'image/png'],
  ['a packed stream', latin('\x1f\x8b\x08\0\0\0\0\0\0\x03'), 'image/png'],
  ['a shortcut', latin(`L\0\0\0\x01\x14\x02\0${'\0'.repeat(60)}`), 'image/png'],
  ['a PDF behind something', latin(`junk junk\n%PDF-1.4\n`), 'application/pdf'],
])('%s is refused', async (_, bytes, declared) => expect(await typeOf(bytes, declared)).toBe('type'));

test('a picture that is also something else is refused', async () => {
  const gif = await pixels().gif().toBuffer();
  const png = await pixels().png().toBuffer();
  const strange = [
    Buffer.concat([latin('GIF89a/*'), latin('<script>alert(1)</script>'), gif.subarray(8)]),
    Buffer.concat([png, latin('<!DOCTYPE html><body onload=alert(1)>')]),
    Buffer.concat([png, latin('<?php system($_GET[0]); ?>')]),
    Buffer.concat([gif, latin('PK\x03\x04'), Buffer.alloc(30)]),
    Buffer.concat([png, latin('%PDF-1.4')]),
  ];
  for (const bytes of strange) expect(await typeOf(bytes, 'image/gif')).toBe('type');
});

test.each([
  '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  '<!-- a --><!DOCTYPE svg [<!ENTITY x "y">]><svg>&x;</svg>',
  '<svg onload="alert(1)"/>',
  '<svg\nONLOAD=alert(1)>',
  '<svg><a href="javascript:alert(1)">x</a></svg>',
  '<svg><foreignObject><body/></foreignObject></svg>',
  '<svg:svg xmlns:svg="http://www.w3.org/2000/svg"><svg:script/></svg:svg>',
  '<?xml-stylesheet href="https://elsewhere.example/x.css"?><svg/>',
])('a drawing that does something is refused: %s', async (text) => {
  expect(await typeOf(latin(text), 'image/svg+xml')).toBe('type');
  expect(
    await typeOf(Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(text, 'utf16le')]), 'image/svg+xml'),
  ).toBe('type');
});

test('an archive at the end shows', async () => {
  const gif = await pixels().gif().toBuffer();
  const end = (comment: string) =>
    Buffer.concat([latin('PK\x05\x06'), Buffer.alloc(16), Buffer.from([comment.length, 0]), latin(comment)]);
  expect(sniffTail(gif).ok).toBe(true);
  expect(sniffTail(Buffer.concat([gif, end('')])).ok).toBe(false);
  expect(sniffTail(Buffer.concat([gif, end('a comment')])).ok).toBe(false);
  expect(sniffTail(Buffer.concat([gif, end(''), end('x')])).ok).toBe(false);
  // The four bytes alone, somewhere, are chance.
  expect(sniffTail(Buffer.concat([gif, latin('PK\x05\x06'), gif])).ok).toBe(true);
  expect(sniffTail(latin('')).ok).toBe(true);
});

test('sealed files are noise; what only says so is refused', async () => {
  for (const length of [16, 40, 64, 500, 4100, 9000]) {
    // Fixed noise, so that the test says the same every day: AES-CTR of zeros is what a sealed file is.
    for (let seed = 0; seed < 50; seed += 1) {
      const noise = createCipheriv('aes-256-ctr', Buffer.alloc(32, seed), Buffer.alloc(16)).update(
        Buffer.alloc(length),
      );
      expect(await typeOf(noise, OCTETS)).toBe(OCTETS);
    }
  }
  const open = [
    await pixels().png().toBuffer(),
    await pixels().jpeg().toBuffer(),
    latin('#!/bin/sh\necho this is a script and no sealed file\n'),
    latin('the quick brown fox jumps over the lazy dog, again and again and again'),
    Buffer.concat([latin('MZ'), Buffer.alloc(300)]),
    Buffer.alloc(4096),
    pdf,
    drawing,
  ];
  for (const bytes of open) expect(await typeOf(bytes, OCTETS)).toBe('type');
});

test('no bytes and no claim make it throw, and nothing but media and noise passes', async () => {
  const claims = fc.oneof(fc.string(), fc.constantFrom('image/png', 'video/mp4', 'application/pdf', OCTETS));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), claims, async (bytes, declared) => {
      const type = await typeOf(bytes, declared);
      expect(type).toMatch(
        /^(type|image\/.+|audio\/.+|video\/.+|application\/pdf|application\/octet-stream)$/,
      );
      if (type === OCTETS) expect(declared.toLowerCase()).toContain(OCTETS);
    }),
  );
});

test('only what cannot act is shown where it stands', () => {
  for (const type of ['image/jpeg', 'image/webp', 'video/mp4', 'audio/ogg'])
    expect(servingHeaders(type)['content-disposition']).toBe('inline');
  for (const type of [
    'image/svg+xml',
    'text/html',
    'application/pdf',
    OCTETS,
    'image/svg+xml; charset=utf-8',
    'x',
  ])
    expect(servingHeaders(type, 'a"b\r\nc')['content-disposition']).toMatch(
      /^attachment; filename="a_b__c\.\w+"$/,
    );
  expect(servingHeaders('image/svg+xml')).toMatchObject({
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
});
