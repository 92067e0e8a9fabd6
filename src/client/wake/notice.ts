/** A notification's words: strangers' texts made harmless, short, and apart from ours. */
import { decode } from 'nostr-tools/nip19';
import type { Line } from '#protocol/messages.ts';
import { displayLine } from '#shared/text.ts';

/** A notification before the browser makes it one. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  /** One notification a tag: a newer one takes the older one's place. */
  readonly tag: string;
  /** Where pressing it leads. */
  readonly path: string;
  /** It sounds again although it takes another's place. */
  readonly isNews: boolean;
  /** It makes no sound: it may be about a stranger's first words. */
  readonly isSilent?: true;
  readonly conversation?: string;
  /** Lines that it speaks of. */
  readonly count?: number;
}

/** The app's own words, in the person's language. */
export interface NoticeWords {
  readonly city: string;
  readonly newMessage: string;
  readonly lockedNews: string;
  readonly look: string;
  readonly test: string;
  someone(key: string): string;
  line(who: string, text: string): string;
  lines(count: number, who: string, text: string): string;
}

const LONGEST_TEXT = 140;
const LONGEST_NAME = 50;
const FIRST_CHARACTERS = 2000;
const person = /nostr:((?:npub|nprofile)1[02-9ac-hj-np-z]{20,1500})/gi;

/** First strong isolate and its end: what stands between cannot turn the words around it (Unicode, UAX 9). */
const isolated = (text: string): string => `\u2068${text}\u2069`;

const keyIn = (name: string): string | undefined => {
  try {
    const found = decode(name.toLowerCase());
    return found.type === 'npub' ? found.data : found.type === 'nprofile' ? found.data.pubkey : undefined;
  } catch {
    return undefined;
  }
};

/** People whom a line's text names (NIP-27). */
export const peopleIn = (text: string): readonly string[] =>
  [...text.slice(0, FIRST_CHARACTERS).matchAll(person)].flatMap((match) => keyIn(match[1] ?? '') ?? []);

/** A line's text on one line, people by name. */
const plainText = (text: string, nameOf: (pubkey: string) => string): string =>
  displayLine(
    text.slice(0, FIRST_CHARACTERS).replace(person, (whole, name: string) => {
      const key = keyIn(name);
      return key === undefined ? whole : `@${nameOf(key)}`;
    }),
    LONGEST_TEXT,
  );

/** A place's name as a title. */
export const noticeTitle = (name: string): string => isolated(displayLine(name, LONGEST_NAME));

/** “Ada: first words”, or how many lines and the one to show of them. */
export const noticeBody = (
  line: Line,
  count: number,
  nameOf: (pubkey: string) => string,
  words: NoticeWords,
): string => {
  const who = isolated(displayLine(nameOf(line.author), LONGEST_NAME));
  const text = isolated(plainText(line.text, nameOf));
  return count === 1 ? words.line(who, text) : words.lines(count, who, text);
};
