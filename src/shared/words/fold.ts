// Marks that people leave out when they type: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels and
// tatweel, joiners, soft hyphens, variation selectors, keycaps, skin tones. Vowel signs of Indic scripts, Thai tone
// marks and the kana voicing marks make other words and stay.
const dropped =
  /[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u200c\u200d\u20e3\ufe00-\ufe0f\u{1f3fb}-\u{1f3ff}\u{e0100}-\u{e01ef}]/gu;

// Letters that NFKD does not take apart but people type as others.
const kin: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ħ', 'h'],
  ['ı', 'i'],
  ['ς', 'σ'],
  ['\u0649', '\u064a'], // alef maksura → ya
  ['\u06cc', '\u064a'], // Persian ya
  ['\u06a9', '\u0643'], // Persian kaf
  ['\u0629', '\u0647'], // ta marbuta → ha
]);
const kinPattern = new RegExp(`[${[...kin.keys()].join('')}]`, 'gu');
const notAscii = /[^\0-\x7f]/;
const maxUnits = 32;

/** True for text of ASCII only: it needs no Unicode at all. */
export const isAscii = (text: string): boolean => !notAscii.test(text);

// Talk is made of few words again and again: most that need Unicode have been folded before.
const remembered = new Map<string, string>();
const mostRemembered = 4096;

/** The form words are compared in: case, accents and look-alike letters gone (NFKD, then NFC), at most 32 code units. */
export const foldWord = (word: string): string => {
  if (isAscii(word)) return cut(word.toLowerCase());
  if (word.length > maxUnits) return foldUnicode(word);
  const known = remembered.get(word);
  if (known !== undefined) return known;
  if (remembered.size >= mostRemembered) remembered.clear();
  const folded = foldUnicode(word);
  remembered.set(word, folded);
  return folded;
};

const foldUnicode = (word: string): string => {
  const bare = word.normalize('NFKD').toLowerCase().replace(dropped, '');
  return cut(bare.replace(kinPattern, (letter) => kin.get(letter) ?? letter).normalize('NFC'));
};

/** The text with lone surrogates as U+FFFD, as UTF-8 would carry it. */
export const wellFormed = (text: string): string =>
  /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Cs}/gu, '\ufffd') : text;

const cut = (term: string): string => {
  if (term.length <= maxUnits) return term;
  const last = term.charCodeAt(maxUnits - 1);
  return term.slice(0, last >= 0xd800 && last < 0xdc00 ? maxUnits - 1 : maxUnits);
};
