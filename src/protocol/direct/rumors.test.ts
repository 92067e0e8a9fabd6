import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventId } from '../event.ts';
import { asTalkEvent, isTalk, makeRumor, parseRumor, peopleOf, talkOf } from './rumors.ts';

const [me, anna, ben] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const draft = {
  kind: 14,
  content: 'Hello',
  tags: [
    ['h', '~x'],
    ['e', 'd'.repeat(64), '', 'root'],
    ['p', ben],
  ],
};
const rumor = makeRumor(draft, { author: me, to: [anna], at: 1_800_000_000 });
const text = (change: object = {}): string => {
  const changed = { ...rumor, ...change };
  return JSON.stringify({ ...changed, id: 'id' in change ? changed.id : eventId(changed) });
};

test('a talk has the same name for everybody of it, but for oneself', () => {
  expect(talkOf([me, anna], me)).toBe(talkOf([anna, me, anna], me));
  expect(talkOf([me, anna, ben], anna)).toBe(`~${me},${ben}`);
  expect(talkOf([me], me)).toBe(`~${me}`);
  expect(peopleOf(talkOf([ben, anna, me], me))).toEqual([anna, ben]);
});

test.each(['', '~', 'square', `~${'A'.repeat(64)}`, `~${me},x`, `~${Array(10).fill(me).join(',')}`])(
  'no talk: %s',
  (id) => expect(peopleOf(id)).toBeUndefined(),
);

test('a rumor names whom it goes to, no group, and has its own id', () => {
  expect(rumor.tags).toEqual([
    ['p', anna],
    ['e', 'd'.repeat(64), '', 'root'],
  ]);
  expect(rumor.id).toBe(eventId(rumor));
  expect(makeRumor(draft, { author: me, to: [me], at: 1 }).tags[0]).toEqual(['p', me]);
});

test('what was sealed is read, and stands in its talk', () => {
  const read = parseRumor(text(), me);
  expect(read).toEqual({ ok: true, value: rumor });
  expect(asTalkEvent(rumor, anna).tags[0]).toEqual(['h', `~${me}`]);
  expect(asTalkEvent(rumor, me).tags[0]).toEqual(['h', `~${anna}`]);
});

test.each([
  ['in another’s name', text(), anna],
  ['with an id that is not its own', text({ id: 'e'.repeat(64) }), me],
  ['of a public kind', text({ kind: 1 }), me],
  ['around another wrap', text({ kind: 1059 }), me],
  ['for too many', text({ tags: Array.from({ length: 10 }, (_, n) => ['p', String(n).repeat(64)]) }), me],
  ['that is no event', '{"kind":14}', me],
  ['that is no JSON', 'hello', me],
])('refused: one %s', (_, sealed, author) => {
  expect(parseRumor(sealed, author)).toMatchObject({ ok: false, error: { code: 'rumor' } });
});

test('a group that its sender smuggles in is not believed', () => {
  const sly = {
    ...rumor,
    tags: [
      ['h', `~${ben}`],
      ['p', anna],
    ],
  };
  expect(asTalkEvent(sly, anna).tags).toEqual([
    ['h', `~${me}`],
    ['p', anna],
  ]);
});

test('whatever is sealed, reading it gives an answer', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (sealed) => !parseRumor(sealed, me).ok));
  fc.assert(fc.property(fc.string(), (id) => isTalk(id) || peopleOf(id) === undefined));
});
