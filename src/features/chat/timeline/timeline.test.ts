import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareLines } from '../rows/tables.ts';
import type { LineRow, ReactionRow } from '../rows/tables.ts';
import { gatherReactions } from './gather.ts';
import { refusalWords, repairWords, troubleWords } from './refusal-words.ts';
import { dayOf, RUN_SECONDS, timelineItems } from './timeline.ts';

const noon = new Date(2026, 10, 22, 12).getTime() / 1000;
let counter = 0;
const line = (at: number, author = 'anna', more: Partial<LineRow> = {}): LineRow => ({
  id: `line${String(++counter).padStart(4, '0')}`,
  group: 'plaza',
  author,
  text: 'hi',
  at,
  kind: 1,
  mentions: [],
  state: 'sent',
  relays: [],
  ...more,
});
const shape = (lines: LineRow[], view = {}) =>
  timelineItems(lines, view).map((item) =>
    item.type === 'line' ? (item.opens ? 'Line' : 'line') : item.type,
  );

describe('runs', () => {
  test('one name over lines of one author close in time', () => {
    expect(shape([line(noon), line(noon + 10), line(noon + 20, 'ben'), line(noon + 30)])).toEqual([
      'day',
      'Line',
      'line',
      'Line',
      'Line',
    ]);
  });

  test('a pause begins a new run', () => {
    expect(shape([line(noon), line(noon + RUN_SECONDS - 1), line(noon + 2 * RUN_SECONDS)])).toEqual([
      'day',
      'Line',
      'line',
      'Line',
    ]);
  });

  test('a tombstone stands alone', () => {
    expect(shape([line(noon), line(noon + 1, 'anna', { deletedBy: 'anna' }), line(noon + 2)])).toEqual([
      'day',
      'Line',
      'Line',
      'Line',
    ]);
  });

  test('hidden lines do not break a run', () => {
    const middle = line(noon + 5, 'ben');
    expect(shape([line(noon), middle, line(noon + 9)], { hidden: new Set([middle.id]) })).toEqual([
      'day',
      'Line',
      'line',
    ]);
    expect(shape([line(noon, 'anna', { leaving: true })])).toEqual([]);
  });
});

describe('days and the unread mark', () => {
  test('a day heading whenever the local day changes', () => {
    expect(shape([line(noon - 86_400), line(noon), line(noon + 60)])).toEqual([
      'day',
      'Line',
      'day',
      'Line',
      'line',
    ]);
    expect(dayOf(noon)).toBe('2026-11-22');
  });

  test('the mark stands before the first line of another after it, and begins a run', () => {
    const lines = [line(noon), line(noon + 5, 'me'), line(noon + 9), line(noon + 10)];
    expect(shape(lines, { unreadAfter: noon, self: 'me' })).toEqual([
      'day',
      'Line',
      'Line',
      'unread',
      'Line',
      'line',
    ]);
  });

  test('no mark without something new, or without a place where reading stopped', () => {
    expect(shape([line(noon)], { unreadAfter: noon })).not.toContain('unread');
    expect(shape([line(noon)])).not.toContain('unread');
    expect(shape([line(noon)], { unreadAfter: noon - 60, openedAt: noon - 1 })).not.toContain('unread');
  });
});

test('every visible line once, in order, keys unique, each day opened once a change', () => {
  const anyLine = fc.record({
    at: fc.integer({ min: noon - 400_000, max: noon }),
    author: fc.constantFrom('anna', 'ben'),
  });
  fc.assert(
    fc.property(
      fc.array(anyLine, { maxLength: 60 }),
      fc.option(fc.integer({ min: noon - 400_000, max: noon })),
      (raw, mark) => {
        const lines = raw.map(({ at, author }) => line(at, author)).sort(compareLines);
        const items = timelineItems(lines, { unreadAfter: mark ?? undefined });
        expect(items.flatMap((item) => (item.type === 'line' ? [item.line] : []))).toEqual(lines);
        expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
        expect(items.filter((item) => item.type === 'unread').length).toBeLessThanOrEqual(1);
        items.forEach((item, index) => {
          const next = items[index + 1];
          if (item.type !== 'line') expect(next?.type === 'line' ? next.opens : next?.type).toBeTruthy();
        });
      },
    ),
  );
});

describe('reactions', () => {
  let id = 0;
  const reaction = (author: string, emoji: string, more: Partial<ReactionRow> = {}): ReactionRow => ({
    id: `r${String(++id)}`,
    target: 't',
    group: 'plaza',
    author,
    emoji,
    at: id,
    state: 'sent',
    relays: [],
    ...more,
  });

  test('each author once an emoji, most first, mine named', () => {
    const rows = [
      reaction('anna', '🎉'),
      reaction('ben', '❤️'),
      reaction('anna', '❤️'),
      reaction('anna', '❤️'),
    ];
    expect(gatherReactions(rows, 'plaza', 'anna')).toEqual([
      { emoji: '❤️', people: ['ben', 'anna'], mine: [rows[2]?.id, rows[3]?.id] },
      { emoji: '🎉', people: ['anna'], mine: [rows[0]?.id] },
    ]);
  });

  test('refused, leaving, gone and foreign ones are not shown', () => {
    const rows = [
      reaction('a', '❤️', { state: 'failed' }),
      reaction('b', '❤️', { leaving: true }),
      reaction('c', '', { gone: true }),
      reaction('d', '❤️', { group: 'market' }),
    ];
    expect(gatherReactions(rows, 'plaza', undefined)).toEqual([]);
  });
});

describe('refusals', () => {
  test('a sentence of the relay is quoted without its prefix', () => {
    expect(refusalWords('restricted: only members write here')).toContain('only members write here');
    expect(refusalWords('restricted: only members write here')).not.toContain('restricted');
  });
  test('every code has words, also without a sentence', () => {
    for (const code of [
      'restricted:',
      'blocked:',
      'mute:',
      'auth-required: x',
      'rate-limited:',
      'unsupported:',
      'error:',
      '',
      'pow: 4',
    ])
      expect(refusalWords(code)).toMatch(/^[A-Z].*\.$/);
    expect(refusalWords(undefined)).toBe(refusalWords(''));
  });
  test('what can be mended is said in words of our own, with what the button does', () => {
    const said = [
      { way: 'resign', because: 'old' },
      { way: 'resign', because: 'ahead' },
      { way: 'resign', because: 'date' },
      { way: 'remine', bits: 9 },
      { way: 'too-hard', bits: 40 },
      { way: 'join' },
      { way: 'sign-in' },
      { way: 'wait' },
    ] as const;
    const words = said.map((repair) => troubleWords('invalid: created_at', repair));
    expect(new Set(words.slice(0, 6)).size).toBe(6);
    for (const one of words) expect(one).toMatch(/^[A-Z].*\.$/);
    expect(words[4]).toContain('40');
    for (const repair of said) expect(repairWords(repair, 1)).not.toMatch(/\d/);
    expect(repairWords({ way: 'resign', because: 'old' }, 3)).toContain('3');
    expect(repairWords({ way: 'join' }, 4)).toContain('4');
    expect(troubleWords('mute: not you', undefined)).toContain('not you');
  });
  test('tricks in the words are tamed', () => {
    expect(refusalWords('error: a\u202eb\u0000')).not.toMatch(/[\u202e\u0000]/);
  });
});

describe('what the reader has put away', () => {
  const isShunned = (row: LineRow) => row.author === 'ben';

  test('lines next to each other stand behind one sign, and break a run', () => {
    const lines = [
      line(noon),
      line(noon + 1, 'ben'),
      line(noon + 2, 'ben'),
      line(noon + 3),
      line(noon + 4, 'ben'),
    ];
    expect(shape(lines, { isShunned })).toEqual(['day', 'Line', 'shunned', 'Line', 'shunned']);
    const [, , sign] = timelineItems(lines, { isShunned });
    expect(sign).toEqual({
      type: 'shunned',
      key: `shunned ${lines[1]?.id}`,
      ids: [lines[1]?.id, lines[2]?.id],
    });
  });

  test('they are not what is new', () => {
    const lines = [line(noon), line(noon + 10, 'ben'), line(noon + 20, 'carla')];
    expect(shape(lines, { isShunned, unreadAfter: noon, openedAt: noon + 99 })).toEqual([
      'day',
      'Line',
      'shunned',
      'unread',
      'Line',
    ]);
  });

  test('a day with nothing else still has its heading, and signs do not cross midnight', () => {
    const lines = [line(noon, 'ben'), line(noon + 86_400, 'ben')];
    expect(shape(lines, { isShunned })).toEqual(['day', 'shunned', 'day', 'shunned']);
  });

  test('a tombstone stays a tombstone', () => {
    expect(shape([line(noon, 'ben', { deletedBy: 'ben' })], { isShunned })).toEqual(['day', 'Line']);
  });
});
