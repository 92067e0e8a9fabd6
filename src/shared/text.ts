/** Text from strangers, made fit to be shown in one line or many. */

// Bidirectional overrides and isolates, zero-width and control characters: they let a name pretend to be another.
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
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
const tame = (text: string): string => text.replace(hidden, '').normalize('NFC').replace(combiningRuns, '$1');

/** Number of characters a person would count (code points), for limits such as "name 3–50". */
export const countCharacters = (text: string): number => Array.from(text).length;
