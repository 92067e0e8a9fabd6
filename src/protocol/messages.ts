/** Lines, replies, reactions and deletions in groups (NIP-10, 25, 09, C7). */
import { isHex64 } from '#shared/bytes.ts';
import { countCharacters, displayLine } from '#shared/text.ts';
import type { Draft, NostrEvent, Tag, Tags } from './event.ts';
import * as kinds from './kinds.ts';
import { contentWithFiles, makeImeta } from './media/attachments.ts';
import type { Attachment } from './media/attachments.ts';
import { makePreviewTag } from './media/previews.ts';
import type { LinkPreview } from './media/previews.ts';
import { expirationOf, groupOf, tagValue, tagValues } from './tags.ts';

/** A line is at most this many characters (seed 000: 10 KB; checked before sending). */
export const LINE_MAX = 10_000;

/** What a reply needs to know of the line it answers. */
export interface ReplyTarget {
  readonly id: string;
  readonly pubkey: string;
  /** The thread's first line, where the target is itself a reply. */
  readonly root?: string | undefined;
}

export interface LineDraft {
  readonly group: string;
  /** From `lineKindFor`. */
  readonly kind: number;
  readonly text: string;
  readonly mentions?: readonly string[];
  readonly replyTo?: ReplyTarget;
  /** What hangs on it, in order. */
  readonly files?: readonly Attachment[];
  /** What lies behind its web addresses. */
  readonly previews?: readonly LinkPreview[];
  /** Said before, elsewhere. Where and by whom is nobody's business. */
  readonly forwarded?: boolean;
  /** When it disappears (NIP-40), Unix seconds. */
  readonly expires?: number | undefined;
}

const replyTags = (kind: number, target: ReplyTarget): Tag[] => {
  if (kind === kinds.CHAT_LINE) return [['q', target.id, '', target.pubkey]];
  return target.root === undefined
    ? [['e', target.id, '', 'root', target.pubkey]]
    : [
        ['e', target.root, '', 'root'],
        ['e', target.id, '', 'reply', target.pubkey],
      ];
};

/** NIP-40, for a time in Unix seconds; nothing for none. */
export const makeEnd = (expires: number | undefined): Tag[] =>
  expires === undefined ? [] : [['expiration', String(expires)]];

/** Marks what was said before, elsewhere. */
export const FORWARDED_TAG: Tag = ['forwarded'];

/** A chat line: NIP-10 marked `e` tags for kind 1, a `q` tag for kind 9; `p` for everyone spoken to, once each; NIP-92 for files. */
export const makeLine = ({
  group,
  kind,
  text,
  mentions = [],
  replyTo,
  files = [],
  previews = [],
  forwarded = false,
  expires,
}: LineDraft): Draft => {
  const people = new Set(replyTo ? [replyTo.pubkey, ...mentions] : mentions);
  return {
    kind,
    content: contentWithFiles(text, files),
    tags: [
      ['h', group],
      ...(replyTo ? replyTags(kind, replyTo) : []),
      ...[...people].map((p): Tag => ['p', p]),
      ...files.map(makeImeta),
      ...previews.map(makePreviewTag),
      ...(forwarded ? [FORWARDED_TAG] : []),
      ...makeEnd(expires),
    ],
  };
};

/** NIP-25; the content is the emoji. */
export const makeReaction = (
  group: string,
  target: Pick<NostrEvent, 'id' | 'pubkey' | 'kind'>,
  emoji: string,
): Draft => ({
  kind: kinds.REACTION,
  content: emoji,
  tags: [
    ['h', group],
    ['e', target.id],
    ['p', target.pubkey],
    ['k', String(target.kind)],
  ],
});

/** NIP-09: the author takes back their own events; the group's `h` lets the relay's readers hear it. */
export const makeDeletion = (
  targets: readonly Pick<NostrEvent, 'id' | 'kind'>[],
  group?: string,
  reason = '',
): Draft => ({
  kind: kinds.DELETION,
  content: reason,
  tags: [
    ...(group === undefined ? [] : [['h', group]]),
    ...targets.map(({ id }): Tag => ['e', id]),
    ...[...new Set(targets.map(({ kind }) => String(kind)))].map((kind): Tag => ['k', kind]),
  ],
});

const SEQUENCE = 'seq';

/** The tag of a line's place among its author's lines of one second in one place: 1 for the second line of that second. */
export const makeSequenceTag = (sequence: number): Tag => [SEQUENCE, String(sequence)];

/** Drops what said where a line stood in its second. */
export const withoutSequence = (tags: Tags): Tags => tags.filter(([name]) => name !== SEQUENCE);

/** A line's place within its second, 1–9999; undefined for the first and for anything that is no such number. */
export const parseSequence = (event: Pick<NostrEvent, 'tags'>): number | undefined => {
  const text = tagValue(event, SEQUENCE);
  return text !== undefined && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;
};

/** A line as read from the wire. */
export interface Line {
  readonly id: string;
  readonly group: string;
  readonly author: string;
  readonly text: string;
  readonly at: number;
  /** Its place among its author's lines of that second; absent for the first. */
  readonly seq?: number;
  readonly kind: number;
  /** The line it answers directly. */
  readonly replyTo?: string;
  /** The thread's first line. */
  readonly root?: string;
  readonly mentions: readonly string[];
  /** Said before, elsewhere. */
  readonly forwarded?: true;
  /** When it disappears (NIP-40), Unix seconds; absent for never. */
  readonly expires?: number;
}

/** True for the kinds shown as lines. */
export const isLine = (event: Pick<NostrEvent, 'kind'>): boolean => kinds.LINE_KINDS.includes(event.kind);

/** Reads NIP-10 (marked, or positional as old clients write), NIP-22 and NIP-C7 references. */
export const parseReferences = (
  event: Pick<NostrEvent, 'kind' | 'tags'>,
): { root?: string; replyTo?: string } => {
  if (event.kind === kinds.CHAT_LINE) {
    const quoted = tagValue(event, 'q');
    return isHex64(quoted) ? { root: quoted, replyTo: quoted } : {};
  }
  const references = event.tags.filter((tag) => tag[0] === 'e' && isHex64(tag[1]) && tag[3] !== 'mention');
  const marked = (marker: string) => references.find((tag) => tag[3] === marker)?.[1];
  const commentRoot = event.kind === kinds.COMMENT ? tagValue(event, 'E') : undefined;
  const root = marked('root') ?? (isHex64(commentRoot) ? commentRoot : undefined) ?? references[0]?.[1];
  const replyTo = marked('reply') ?? marked('root') ?? references.at(-1)?.[1];
  return { ...(root ? { root } : {}), ...(replyTo ? { replyTo } : {}) };
};

/** Reads a line of a group, or of a private talk (`lineKinds`); undefined for anything that isn't one. */
export const parseLine = (
  event: NostrEvent,
  lineKinds: readonly number[] = kinds.LINE_KINDS,
): Line | undefined => {
  const group = groupOf(event);
  if (group === undefined || !lineKinds.includes(event.kind)) return undefined;
  const seq = parseSequence(event);
  const expires = expirationOf(event);
  return {
    id: event.id,
    group,
    author: event.pubkey,
    text: event.content,
    at: event.created_at,
    ...(seq === undefined ? {} : { seq }),
    kind: event.kind,
    mentions: [...new Set(tagValues(event, 'p').filter(isHex64))],
    ...(expires === undefined ? {} : { expires }),
    ...(event.tags.some(([name]) => name === FORWARDED_TAG[0]) ? { forwarded: true } : {}),
    ...parseReferences(event),
  };
};

// The longest emoji of families and flags have about ten code points; NIP-30 names may need a few more.
const EMOJI_MAX = 16;

/** A reaction's target and emoji: `+` and empty mean a heart, `-` a thumb down (NIP-25); undefined if malformed. */
export const parseReaction = (event: NostrEvent): { target: string; emoji: string } | undefined => {
  const target = tagValues(event, 'e').at(-1);
  if (event.kind !== kinds.REACTION || !isHex64(target)) return undefined;
  const content = displayLine(event.content, 2 * EMOJI_MAX);
  const emoji = content === '' || content === '+' ? '❤️' : content === '-' ? '👎' : content;
  return countCharacters(emoji) <= EMOJI_MAX ? { target, emoji } : undefined;
};

/** Ids that a kind 5 (own) or 9005 (an admin's) takes away. */
export const parseDeletion = (event: NostrEvent): string[] =>
  event.kind === kinds.DELETION || event.kind === kinds.DELETE_EVENT
    ? tagValues(event, 'e').filter(isHex64)
    : [];
