/** Text from strangers, made fit to be shown in one line or many. */

// Bidirectional overrides and isolates, zero-width and control characters: they let a name pretend to be another.
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const combiningRuns = /(\p{M}{4})\p{M}+/gu;

/** One line: controls and bidi tricks gone, white space folded, at most `max` characters (code points) with an ellipsis. */
export const displayLine = (text: string, max = 100): string => {
  const clean = tame(text.replace(/[\n\t]/g, ' '))
    .replace(/\s+/gu, ' ')
    .trim();
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

const tame = (text: string): string => text.normalize('NFC').replace(hidden, '').replace(combiningRuns, '$1');

/** Number of characters a person would count (code points), for limits such as "name 3–50". */
export const countCharacters = (text: string): number => Array.from(text).length;
