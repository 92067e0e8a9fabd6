/** People in a composer's text: shown as `@Name`, sent as `nostr:npub…` (NIP-27). */
import { displayLine } from '#shared/text.ts';
import { actionOf } from './acting.ts';
import { markUp } from './markup.ts';
import type { Inline } from './markup.ts';
import { personReference } from './references.ts';
import { tokenize } from './tokenize.ts';
import type { Token } from './tokens.ts';

/** A person written into the composer as `@label`. */
export interface Mention {
  readonly label: string;
  readonly pubkey: string;
}

/** Text in a composer, with the people in it. */
export interface Composed {
  readonly text: string;
  readonly mentions: readonly Mention[];
}

/** Gives a mention its label: the name, with some of the key where another person has the same. */
export const addMention = (
  mentions: readonly Mention[],
  name: string,
  pubkey: string,
): { readonly label: string; readonly mentions: readonly Mention[] } => {
  const known = mentions.find((mention) => mention.pubkey === pubkey);
  if (known) return { label: known.label, mentions };
  const plain = displayLine(name, 60) || pubkey.slice(0, 8);
  const label = mentions.some((mention) => mention.label === plain)
    ? `${plain}·${pubkey.slice(0, 4)}`
    : plain;
  return { label, mentions: [...mentions, { label, pubkey }] };
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const replaceIn = (text: string, mentions: readonly Mention[], used: Set<string>): string => {
  if (mentions.length === 0) return text;
  const longestFirst = [...mentions].sort((a, b) => b.label.length - a.label.length);
  const labels = longestFirst.map(({ label }) => escaped(label)).join('|');
  return text.replace(new RegExp(`@(${labels})(?![\\p{L}\\p{N}_])`, 'gu'), (whole, label: string) => {
    const mention = longestFirst.find((one) => one.label === label);
    if (!mention) return whole;
    used.add(mention.pubkey);
    return personReference(mention.pubkey);
  });
};

/** What goes over the wire, and who is spoken to. Code is left alone. */
export const toWire = ({ text, mentions }: Composed): { text: string; mentions: string[] } => {
  const used = new Set<string>();
  const wire = text
    .split(/(```[^]*?```|`[^`\n]+`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : replaceIn(piece, mentions, used)))
    .join('');
  return { text: wire, mentions: [...used] };
};

/** The way back, for drafts and for lines that are edited. */
export const fromWire = (wire: string, nameOf: (pubkey: string) => string): Composed => {
  let mentions: readonly Mention[] = [];
  const pieces = wire.split(/(nostr:npub1[02-9ac-hj-np-z]{58})/g).map((piece, index) => {
    const token = index % 2 === 1 ? tokenize(piece)[0] : undefined;
    if (token?.type !== 'mention') return piece;
    const added = addMention(mentions, nameOf(token.pubkey), token.pubkey);
    mentions = added.mentions;
    return `@${added.label}`;
  });
  return { text: pieces.join(''), mentions };
};

/** A line's text in one plain line, for lists and quotes; people by name. Of long texts the beginning. */
export const previewText = (text: string, nameOf: (pubkey: string) => string, max = 140): string =>
  displayLine(unmarked(actionOf(text.slice(0, 2000)) ?? text.slice(0, 2000), nameOf), max);

/** A line's whole text in one plain line, for finding words in it; people by name. */
export const wholeText = (text: string, nameOf: (pubkey: string) => string): string =>
  displayLine(plainText(text, nameOf), Infinity);

/** What is read where there is no room for weights: their signs are gone. */
const unmarked = (text: string, nameOf: (pubkey: string) => string): string => {
  const plain = (part: Inline): string =>
    'children' in part ? part.children.map(plain).join('') : plainToken(part, nameOf);
  return markUp(tokenize(text))
    .flatMap((block) =>
      block.type === 'code' ? [block.code] : block.lines.map((row) => row.map(plain).join('')),
    )
    .join('\n');
};

const plainText = (text: string, nameOf: (pubkey: string) => string): string =>
  tokenize(text)
    .map((token) => plainToken(token, nameOf))
    .join('');

const plainToken = (token: Token, nameOf: (pubkey: string) => string): string => {
  if (token.type === 'mention') return `@${nameOf(token.pubkey)}`;
  if (token.type === 'link') return token.shown;
  return token.type === 'code' || token.type === 'block' ? token.code : token.text;
};

/** The name being typed after an `@`: where the sign stands, what follows it up to the caret. */
export interface MentionQuery {
  readonly from: number;
  readonly query: string;
}

const QUERY = /(?:^|[\s([{"'“„«])@([^\s@][^@\n]{0,39})?$/u;

/** Looks for an `@` with the beginning of a name behind it, right before the caret. */
export const mentionQuery = (text: string, caret: number): MentionQuery | undefined => {
  const match = QUERY.exec(text.slice(Math.max(0, caret - 64), caret));
  if (!match) return undefined;
  const query = match[1] ?? '';
  return { from: caret - query.length - 1, query };
};

/** Replaces the `@…` before the caret by the label and a space. */
export const insertMention = (
  text: string,
  caret: number,
  from: number,
  label: string,
): { text: string; caret: number } => {
  const after = text.slice(caret).replace(/^ /, '');
  const written = `@${label} `;
  return { text: text.slice(0, from) + written + after, caret: from + written.length };
};
