import fc from 'fast-check';
import * as nip10 from 'nostr-tools/nip10';
import { expect, test } from 'vitest';
import { anyEvent, anyText, eventOfKind, hex64 } from '../../tests/support/wire-arbitraries.ts';
import type { Draft, NostrEvent } from './event.ts';
import * as kinds from './kinds.ts';
import * as messages from './messages.ts';
import { tagValues } from './tags.ts';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const sign = (draft: Draft): NostrEvent => ({
  ...draft,
  created_at: 7,
  id: '1'.repeat(64),
  pubkey: '2'.repeat(64),
  sig: '3'.repeat(128),
});

const lineDraft: fc.Arbitrary<messages.LineDraft> = fc.record(
  {
    group: fc.constantFrom('g1', 'harbour'),
    kind: fc.constantFrom(kinds.NOTE, kinds.CHAT_LINE),
    text: anyText,
    mentions: fc.array(fc.oneof(hex64, fc.constantFrom(a, b))),
    replyTo: fc.record({
      id: hex64,
      pubkey: fc.constantFrom(a, b, c),
      root: fc.oneof(hex64, fc.constant(undefined)),
    }),
  },
  { requiredKeys: ['group', 'kind', 'text'] },
);

test('what makeLine writes, parseLine reads', () => {
  fc.assert(
    fc.property(lineDraft, (draft) => {
      const line = messages.parseLine(sign(messages.makeLine(draft)));
      const { replyTo } = draft;
      const root = draft.kind === kinds.CHAT_LINE ? replyTo?.id : (replyTo?.root ?? replyTo?.id);
      expect(line).toEqual({
        id: '1'.repeat(64),
        author: '2'.repeat(64),
        at: 7,
        kind: draft.kind,
        group: draft.group,
        text: draft.text,
        mentions: [...new Set([...(replyTo ? [replyTo.pubkey] : []), ...(draft.mentions ?? [])])],
        ...(replyTo ? { replyTo: replyTo.id, root } : {}),
      });
    }),
    { numRuns: 500 },
  );
});

test('a reply of kind 1 is understood by nostr-tools’ NIP-10 reader', () => {
  fc.assert(
    fc.property(hex64, hex64, (root, id) => {
      const event = sign(
        messages.makeLine({ group: 'g', kind: kinds.NOTE, text: '', replyTo: { id, pubkey: a, root } }),
      );
      const theirs = nip10.parse({ tags: event.tags.map((tag) => [...tag]) });
      expect([theirs.root?.id, theirs.reply?.id]).toEqual([root, id]);
    }),
  );
});

test('parseReferences never throws, gives only ids, and a root wherever there is a reply', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const { root, replyTo } = messages.parseReferences(event);
      for (const id of [root, replyTo]) if (id !== undefined) expect(id).toMatch(/^[0-9a-f]{64}$/);
      expect(replyTo === undefined || root !== undefined).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

const refs = (kind: number, ...tags: string[][]) => messages.parseReferences({ kind, tags });
test.each([
  ['marked root and reply', refs(1, ['e', b, '', 'reply'], ['e', a, '', 'root']), { root: a, replyTo: b }],
  ['marked root alone', refs(1, ['e', a, '', 'root']), { root: a, replyTo: a }],
  ['positional, one', refs(1, ['e', a]), { root: a, replyTo: a }],
  ['positional, three', refs(1, ['e', a], ['e', b], ['e', c]), { root: a, replyTo: c }],
  ['a mention is no reply', refs(1, ['e', a, '', 'mention']), {}],
  ['a broken id is no reply', refs(1, ['e', 'nope', '', 'root'], ['e']), {}],
  ['kind 9 quotes', refs(9, ['q', a], ['e', b]), { root: a, replyTo: a }],
  ['kind 9 with a broken quote', refs(9, ['q', 'naddr1x']), {}],
  ['a comment', refs(1111, ['E', a], ['e', b, '', c]), { root: a, replyTo: b }],
])('references: %s', (_name, found, expected) => {
  expect(found).toEqual(expected);
});

test('parseLine wants a group and a line’s kind', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const line = messages.parseLine(event);
      const grouped = event.tags.find((tag) => tag[0] === 'h')?.[1] !== undefined;
      expect(line !== undefined).toBe(grouped && [1, 9, 11, 1111].includes(event.kind));
    }),
    { numRuns: 1000 },
  );
});

test('parseReaction never throws, and an emoji is short, shown safely and never empty', () => {
  fc.assert(
    fc.property(fc.oneof(anyEvent, eventOfKind(kinds.REACTION)), hex64, (event, id) => {
      const reaction = messages.parseReaction({ ...event, tags: [...event.tags, ['e', id]] });
      if (event.kind !== kinds.REACTION) return void expect(reaction).toBeUndefined();
      if (!reaction) return;
      expect(reaction.target).toBe(id);
      expect(Array.from(reaction.emoji).length).toBeLessThanOrEqual(16);
      expect(reaction.emoji.trim()).not.toBe('');
      expect(reaction.emoji).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['+', '❤️'],
  ['', '❤️'],
  ['-', '👎'],
  ['🌊', '🌊'],
  ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
  [':harbour:', ':harbour:'],
  ['x'.repeat(17), undefined],
  [`x${' y'.repeat(500)}`, undefined],
])('the reaction %j shows as %j', (content, emoji) => {
  const event = { ...sign(messages.makeReaction('g', { id: a, pubkey: b, kind: 1 }, content)) };
  expect(messages.parseReaction(event)?.emoji).toBe(emoji);
});

test('a reaction points to the last e tag, as NIP-25 has it, or nowhere', () => {
  const event = sign(messages.makeReaction('g', { id: a, pubkey: b, kind: 9 }, '👍'));
  expect(event.tags).toContainEqual(['k', '9']);
  expect(messages.parseReaction({ ...event, tags: [['e', b], ...event.tags] })?.target).toBe(a);
  expect(messages.parseReaction({ ...event, tags: [['e', 'x']] })).toBeUndefined();
});

test('a deletion names its ids once more when read, broken ones left out', () => {
  const draft = messages.makeDeletion(
    [
      { id: a, kind: 1 },
      { id: b, kind: 1 },
      { id: c, kind: 7 },
    ],
    'g',
    'typo',
  );
  expect(messages.parseDeletion(sign(draft))).toEqual([a, b, c]);
  expect(tagValues(draft, 'k')).toEqual(['1', '7']);
  expect(messages.parseDeletion({ ...sign(draft), tags: [['e', 'x'], ['e']] })).toEqual([]);
  fc.assert(
    fc.property(anyEvent, (event) => {
      if (![5, 9005].includes(event.kind)) expect(messages.parseDeletion(event)).toEqual([]);
    }),
  );
});

test('a line’s place within its second is read strictly, and nonsense is nothing', () => {
  const numbered = (...values: string[]) =>
    messages.parseLine(
      sign({ kind: kinds.NOTE, content: '', tags: [['h', 'g1'], ...values.map((value) => ['seq', value])] }),
    )?.seq;
  expect([numbered('1'), numbered('42'), numbered('9999')]).toEqual([1, 42, 9999]);
  for (const nonsense of ['0', '01', '10000', '-1', '1.5', '1e3', ' 1', '', '١', 'last', 'NaN'])
    expect(numbered(nonsense), nonsense).toBeUndefined();
  expect(numbered()).toBeUndefined();
  expect(numbered('no', '2')).toBeUndefined();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), (sequence) => {
      expect(messages.parseSequence({ tags: [messages.makeSequenceTag(sequence)] })).toBe(sequence);
    }),
  );
  fc.assert(
    fc.property(anyEvent, (event) => {
      const sequence = messages.parseSequence(event) ?? 1;
      expect(Number.isInteger(sequence) && sequence >= 1 && sequence <= 9999).toBe(true);
    }),
  );
});
