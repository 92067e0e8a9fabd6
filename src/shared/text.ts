/** Text from strangers, made fit to be shown in one line or many. */

// Bidirectional overrides and isolates, zero-width and control characters, and letters that are drawn as nothing: they let a name
// pretend to be another, or to be none.
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}]/gu;
// Tags spell the flag of a region behind a black flag, and hide words anywhere else.
const tags = /(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]*)[\u{e0000}-\u{e007f}]/gu;
// Joiners shape Arabic, Indic letters and emoji; at an edge, or beside letters that know no joining, they only make two names look like one.
const joiners =
  /(?<=^|[\s\p{P}\p{N}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?=$|[\s\p{P}\p{N}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])/gu;
// Everything that breaks a line somewhere; in one line it is a space, so that words don't run together.
const breaks = /[\t-\r\u0085\u2028\u2029]/gu;
const combiningRuns = /(\p{M}{4})\p{M}+/gu;

/** One line: controls and bidi tricks gone, white space folded, at most `max` characters (code points) with an ellipsis. */
export const displayLine = (text: string, max = 100): string => {
  const clean = tame(text.replace(breaks, ' ')).replace(/\s+/gu, ' ').trim();
  const points = Array.from(clean);
  return points.length > max
    ? `${points
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : clean;
};

/** Many lines: the same, but line breaks stay (at most two in a row). */
export const displayText = (text: string): string =>
  tame(text.replace(/\r\n?/g, '\n'))
    .replace(/\n{3,}/g, '\n\n')
    .trim();

// Hidden characters go first: what they kept apart must be normalized together.
const tame = (text: string): string =>
  text
    .replace(hidden, '')
    .replace(tags, '')
    .replace(joiners, '')
    .normalize('NFC')
    .replace(combiningRuns, '$1');

/** Number of characters a person would count (code points), for limits such as "name 3–50". */
export const countCharacters = (text: string): number => Array.from(text).length;
