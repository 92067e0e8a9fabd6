/**
 * The wake card: what a page leaves behind, sealed, so that a wake without a page can say something useful. Only as much as a
 * notification needs; it lies in small records, so that reading it needs no decompression, and their names tell nothing.
 */
import { isHex64, utf8Length } from '#shared/bytes.ts';
import type { Line } from '#protocol/messages.ts';
import { mutedWord, wordTest } from '#protocol/lists/words.ts';
import { isRecord } from '#shared/json.ts';
import type { NoticeLevel } from '../store/local-events.ts';
import type { NoticedPlace } from './wants.ts';

/** A place of mine as a wake sees it. */
export interface WakePlace extends NoticedPlace {
  readonly name: string;
  /** Only members read there: a look without the person's key sees nothing. */
  readonly isClosed: boolean;
  /** Unix seconds; lines up to then were read. */
  readonly readUpTo: number;
}

export interface WakeCard {
  /** The city's relay, `ws(s)://…`. */
  readonly relay: string;
  readonly pubkey: string;
  /** Names and words may stand on notifications. */
  readonly showsWords: boolean;
  /** Unix seconds; up to then the person had the city before their eyes. */
  readonly seenUpTo: number;
  readonly places: readonly WakePlace[];
  /** Whom and what the person does not want to meet: the beginnings of keys, and words. */
  readonly shunned: { readonly people: readonly string[]; readonly words: readonly string[] };
}

/** What the records' names begin with; a number follows. */
export const CARD_PREFIX = 'wake ';
/** The record with the time, which changes most often. */
const TIME = 't';
const HEAD = '0';
/** What the records of people and of words begin with. */
const PEOPLE = 'p';
const WORDS = 'w';
/** Records that every card has. */
export const FIXED: readonly string[] = [TIME, HEAD];

/** Values of at least 1,024 bytes would be compressed. */
const MOST_BYTES = 900;
const LONGEST_NAME = 60;
/** Hex digits of a key that tell people apart. */
const KEY_BEGINNING = 16;

type Row = readonly [
  id: string,
  name: string,
  level: number,
  mutedUntil: number,
  isClosed: 0 | 1,
  readUpTo: number,
];
const LEVELS: readonly NoticeLevel[] = ['all', 'mentions', 'nothing'];

const rowOf = ({ id, name, level, mutedUntil, isClosed, readUpTo }: WakePlace): Row => [
  id,
  [...name].slice(0, LONGEST_NAME).join(''),
  LEVELS.indexOf(level),
  mutedUntil,
  isClosed ? 1 : 0,
  readUpTo,
];

/** Lists of rows, none of them larger than a record may be. */
const parted = <Item>(rows: readonly Item[]): Item[][] => {
  const parts: Item[][] = [];
  let size = Infinity;
  for (const row of rows) {
    const bytes = utf8Length(JSON.stringify(row)) + 1;
    if (size + bytes > MOST_BYTES) {
      parts.push([]);
      size = 1;
    }
    parts.at(-1)?.push(row);
    size += bytes;
  }
  return parts;
};

/** The card as records: name (without the prefix) → value. */
export const cardRecords = (card: WakeCard): ReadonlyMap<string, unknown> => {
  const parts = parted(card.places.map(rowOf));
  const { relay, pubkey, showsWords, shunned } = card;
  const people = parted(shunned.people.map((key) => key.slice(0, KEY_BEGINNING)));
  const words = parted(shunned.words.filter((word) => mutedWord(word).ok));
  return new Map<string, unknown>([
    [TIME, card.seenUpTo],
    [
      HEAD,
      { v: 1, relay, pubkey, showsWords, parts: parts.length, people: people.length, words: words.length },
    ],
    ...parts.map((part, at): [string, unknown] => [String(at + 1), part]),
    ...people.map((part, at): [string, unknown] => [PEOPLE + String(at), part]),
    ...words.map((part, at): [string, unknown] => [WORDS + String(at), part]),
  ]);
};

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const parseRow = (value: unknown): WakePlace[] => {
  if (!Array.isArray(value)) return [];
  const [id, name, level, mutedUntil, isClosed, readUpTo]: readonly unknown[] = value;
  const known = LEVELS[level as number];
  if (typeof id !== 'string' || typeof name !== 'string' || !known) return [];
  if (!isTime(mutedUntil) || !isTime(readUpTo)) return [];
  return [{ id, name, level: known, mutedUntil, isClosed: isClosed === 1, readUpTo }];
};

const textsOf = (records: ReadonlyMap<string, unknown>, prefix: string, parts: unknown): string[] => {
  const count = isTime(parts) ? Math.min(parts, records.size) : 0;
  const found = Array.from({ length: count }, (_, at) => records.get(prefix + String(at)));
  return found
    .flatMap((part) => (Array.isArray(part) ? part : []))
    .filter((text) => typeof text === 'string');
};

/** True for a line by somebody or with words that the person has put away. */
export const shunsLine = ({ shunned }: WakeCard): ((line: Pick<Line, 'author' | 'text'>) => boolean) => {
  const people = new Set(shunned.people.map((key) => key.slice(0, KEY_BEGINNING)));
  const hasWord = wordTest(shunned.words);
  return ({ author, text }) => people.has(author.slice(0, KEY_BEGINNING)) || hasWord(text);
};

/** A card from its records; undefined where its head is missing or malformed. Places that cannot be read are left out. */
export const parseCard = (records: ReadonlyMap<string, unknown>): WakeCard | undefined => {
  const head = records.get(HEAD);
  if (!isRecord(head) || head['v'] !== 1) return undefined;
  const { relay, pubkey, showsWords, parts, people, words } = head;
  if (typeof relay !== 'string' || !/^wss?:\/\//.test(relay) || !isHex64(pubkey)) return undefined;
  const count = isTime(parts) ? Math.min(parts, records.size) : 0;
  const rows = Array.from({ length: count }, (_, at) => records.get(String(at + 1)));
  const seen = records.get(TIME);
  return {
    relay,
    pubkey,
    showsWords: showsWords === true,
    seenUpTo: isTime(seen) ? seen : 0,
    shunned: { people: textsOf(records, PEOPLE, people), words: textsOf(records, WORDS, words) },
    places: rows.flatMap((part) => (Array.isArray(part) ? part.flatMap(parseRow) : [])),
  };
};
