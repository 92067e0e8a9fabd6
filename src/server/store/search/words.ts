/** What of an event can be searched for: its words as PostgreSQL's tsvector writes them. */
import { eachToken } from '#shared/words/tokens.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { parseProfile } from '#protocol/profiles.ts';
import { tagValues } from '#protocol/tags.ts';

export type Searchable = Pick<NostrEvent, 'kind' | 'tags' | 'content'>;

/** A names, B describes, D is said: what PostgreSQL's ranking makes of them, 1 to 0.1. */
type Weight = 'A' | 'B' | 'D';
type Part = readonly [Weight, string];

const tagged = (event: Searchable, name: string, weight: Weight): Part[] =>
  tagValues(event, name).map((text): Part => [weight, text]);

const said = ({ content }: Searchable): Part[] => [['D', content]];

const profileParts = (event: Searchable): Part[] => {
  const profile = parseProfile({ ...event, id: '', pubkey: '', sig: '', created_at: 0 });
  if (!profile.ok) return [];
  const { name = '', about = '' } = profile.value;
  return [
    ['A', name],
    ['B', about],
  ];
};

const optionParts = (event: Searchable): Part[] =>
  event.tags.flatMap(([name, , label = '']): Part[] => (name === 'option' ? [['D', label]] : []));

const partsByKind: ReadonlyMap<number, (event: Searchable) => Part[]> = new Map([
  [kinds.PROFILE, profileParts],
  [kinds.NOTE, said],
  [kinds.CHAT_LINE, said],
  [
    kinds.THREAD,
    (event) => [...tagged(event, 'title', 'A'), ...tagged(event, 'subject', 'A'), ...said(event)],
  ],
  [kinds.COMMENT, said],
  [kinds.POLL, (event) => [...said(event), ...optionParts(event)]],
  [
    kinds.ARTICLE,
    (event) => [...tagged(event, 'title', 'A'), ...tagged(event, 'summary', 'B'), ...said(event)],
  ],
  [kinds.GROUP_METADATA, (event) => [...tagged(event, 'name', 'A'), ...tagged(event, 'about', 'B')]],
]);

/** The kinds that are searched. Nothing encrypted is among them: a letter's words are nobody's but its readers'. */
export const SEARCHED: readonly number[] = [...partsByKind.keys()];

/** PostgreSQL's own bounds: positions of a word, the highest position. */
const MAX_POSITIONS = 64;
const MAX_POSITION = 16_000;

/** A word inside of tsvector and tsquery: nothing in it means anything. */
export const quoteWord = (word: string): string => `'${word.replace(/['\\]/g, '$&$&')}'`;

/** An event's words with their places, for the column `words`; null where it has none or its kind isn't searched. */
export const wordsOf = (event: Searchable): string | null => {
  const parts = partsByKind.get(event.kind)?.(event) ?? [];
  const places = new Map<string, string[]>();
  let at = 0;
  for (const [weight, text] of parts) {
    at += 1; // no phrase reaches from one part into the next
    eachToken(text, (word, _start, _end, tail) => {
      if (!tail) at += 1; // the last character of a Chinese or Japanese run stands where its pair does
      if (at > MAX_POSITION) return;
      const known = places.get(word);
      if (!known) places.set(word, [`${at}${weight}`]);
      else if (known.length < MAX_POSITIONS) known.push(`${at}${weight}`);
    });
  }
  if (places.size === 0) return null;
  return [...places].map(([word, at]) => `${quoteWord(word)}:${at.join(',')}`).join(' ');
};
