/** Signs in bytes that a type alone does not tell: programs, markup inside pictures, archives at the end, and whether it is noise. */

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Four bytes and more: noise has them once in four billion files. */
const PROGRAMS: readonly string[] = [
  '\x7fELF',
  '\xfe\xed\xfa\xce',
  '\xfe\xed\xfa\xcf',
  '\xce\xfa\xed\xfe',
  '\xcf\xfa\xed\xfe',
  '\xca\xfe\xba\xbe',
  '\0asm',
  'dex\n',
  'L\0\0\0\x01\x14\x02\0',
  '!<arch>\n',
];

const isWindowsProgram = (head: Uint8Array, text: string): boolean => {
  if (!text.startsWith('MZ')) return false;
  if (head.length < 64) return true;
  const at = new DataView(head.buffer, head.byteOffset, head.length).getUint32(60, true);
  // Noise begins with MZ once in 65,536 files; the header that it points to is what makes it a program.
  return at + 4 > head.length ? at < 0x10000 : /^(PE\0\0|NE|LE|LX)/.test(text.slice(at, at + 4));
};

/** True for what a machine would run: native programs, WebAssembly, Java, scripts that name their interpreter. */
export const isProgram = (head: Uint8Array): boolean => {
  const text = textOf(head);
  return (
    PROGRAMS.some((mark) => text.startsWith(mark)) ||
    isWindowsProgram(head, text) ||
    /^(?:\xef\xbb\xbf)?#! ?\/[\w/.-]{2,}/.test(text)
  );
};

/** Chi-squared of noise: 255 on average, 23 to either side; nearly 15 times that is never chance. */
const NOISE_MOST = 600;

/** Files whose insides are nearly noise already; each mark long enough that noise doesn't have it by chance. */
const PACKED =
  /^(?:\x89PNG|\xff\xd8\xff[\xc0-\xfe]|GIF8|RIFF|[^]{4}ftyp|\x1aE\xdf\xa3|OggS|fLaC|ID3[\x02-\x04]\0|%PDF|PK\x03\x04|Rar!|7z\xbc\xaf|\x1f\x8b\x08\0)/;
const PLAIN_TEXT = /^[\t\n\r -~]{40}/;

const deviation = (head: Uint8Array): number => {
  const counts = new Uint32Array(256);
  for (const byte of head) counts[byte] = (counts[byte] ?? 0) + 1;
  const squares = counts.reduce((sum, count) => sum + count * count, 0);
  return (squares * 256) / head.length - head.length;
};

/** Whether all bytes are about equally frequent (a chi-squared test): sealed bytes are noise, text and programs are not. */
export const looksSealed = (head: Uint8Array): boolean => {
  const text = textOf(head);
  return !PACKED.test(text) && !PLAIN_TEXT.test(text) && deviation(head) <= NOISE_MOST;
};

/** What a browser that guesses would take for a page, or a server for a script. */
const PAGE =
  /<(?:!doctype\s+html|html|head|body|script|iframe|svg|object|embed|link\s|meta\s|\?php)|PK\x03\x04/i;
/** What a drawing needs in order to do something. */
const ACTIVE =
  /<\s*(?:[\w-]+:)?(?:script|foreignobject|iframe|object|embed|handler|listener)\b|[\s"'/]on[a-z]+\s*=|javascript:|data:text|<!entity|<\?xml-stylesheet/i;

/** True when there is markup where none belongs: a page's in a picture, a script's in a drawing. */
export const markupIn = (content: Uint8Array | string, where: 'page' | 'svg'): boolean =>
  (where === 'page' ? PAGE : ACTIVE).test(typeof content === 'string' ? content : textOf(content));

/** Text in whatever way its first bytes say it is written. */
const decoded = (head: Uint8Array): string => {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head);
  return new TextDecoder('utf-8').decode(head);
};

/** What may stand before a document's first element. */
const BEFORE_ROOT = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!doctype[^>[]*(?:\[[\s\S]*?\]\s*)?>)*/i;

/** The text of a drawing; undefined for anything else. */
export const svgOf = (head: Uint8Array): string | undefined => {
  const text = decoded(head).replace(/^\ufeff/, '');
  return /^<(?:[\w-]+:)?svg[\s>/]/i.test(text.replace(BEFORE_ROOT, '')) ? text : undefined;
};

/** A PDF's head may come late, and readers find it there: before it stands something else. */
export const startsLateAsPdf = (head: Uint8Array): boolean => textOf(head).indexOf('%PDF-') > 0;

const END_RECORD = 22;

/** True when the end is that of a ZIP (and so of a JAR): its end record, with a comment that reaches the last byte. */
export const isArchiveTail = (tail: Uint8Array): boolean => {
  const text = textOf(tail);
  for (
    let at = text.lastIndexOf('PK\x05\x06');
    at >= 0;
    at = at > 0 ? text.lastIndexOf('PK\x05\x06', at - 1) : -1
  ) {
    const comment = (tail[at + 20] ?? 0) + (tail[at + 21] ?? 0) * 256;
    if (at + END_RECORD + comment === tail.length) return true;
  }
  return false;
};
