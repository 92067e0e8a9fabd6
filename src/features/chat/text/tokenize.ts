/** A line's text cut into what is shown: links, references, line breaks, code, and nothing else. Pure; never HTML. */
import { displayText } from '#shared/text.ts';
import { splitLinks } from './links.ts';
import { splitReferences } from './references.ts';
import type { Token } from './tokens.ts';

const FENCE = '```';

/** Cuts at `code` and ``` blocks; marks without a partner are text. */
const splitCode = (text: string): Token[] => {
  const tokens: Token[] = [];
  let done = 0;
  let at = text.indexOf('`');
  const take = (token: Token) => {
    if (at > done) tokens.push({ type: 'text', text: text.slice(done, at) });
    tokens.push(token);
    done = at + token.text.length;
  };
  while (at !== -1) {
    const token = codeAt(text, at);
    if (token) take(token);
    at = text.indexOf('`', token ? done : at + markLength(text, at));
  }
  if (done < text.length) tokens.push({ type: 'text', text: text.slice(done) });
  return tokens;
};

const markLength = (text: string, at: number): number => (text.startsWith(FENCE, at) ? FENCE.length : 1);

const codeAt = (text: string, at: number): Token | undefined => {
  if (text.startsWith(FENCE, at)) {
    const end = text.indexOf(FENCE, at + FENCE.length);
    const code = end === -1 ? '' : text.slice(at + FENCE.length, end);
    return code.trim() === ''
      ? undefined
      : {
          type: 'block',
          text: text.slice(at, end + FENCE.length),
          code: code.replace(/^[\w+#-]*\n|\n$/g, ''),
        };
  }
  const end = text.indexOf('`', at + 1);
  const code = end === -1 ? '' : text.slice(at + 1, end);
  return code === '' || code.includes('\n')
    ? undefined
    : { type: 'code', text: text.slice(at, end + 1), code };
};

const splitBreaks = (text: string): Token[] =>
  text
    .split(/(\n)/)
    .filter((piece) => piece !== '')
    .map((piece) => (piece === '\n' ? { type: 'break', text: '\n' } : { type: 'text', text: piece }));

const splitText = (tokens: readonly Token[], split: (text: string) => Token[]): Token[] =>
  tokens.flatMap((token) => (token.type === 'text' ? split(token.text) : [token]));

/** Cuts a line's text; the pieces' texts together are `displayText(text)`. `relayKey`: whose places are links here. */
export const tokenize = (text: string, relayKey?: string): Token[] => {
  const references = splitText(splitCode(displayText(text)), (piece) => splitReferences(piece, relayKey));
  return splitText(splitText(references, splitLinks), splitBreaks);
};

const EMOJI =
  /^(?:(?:\p{RI}\p{RI}|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}\ufe0f?\p{EMod}?[\u{e0020}-\u{e007f}]*(?:\u200d\p{Extended_Pictographic}\ufe0f?\p{EMod}?)*)\s*){1,6}$/u;

/** True for one to six emoji and nothing else: shown larger. */
export const isEmojiOnly = (text: string): boolean => text.length <= 160 && EMOJI.test(displayText(text));
