import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACCESSES, accessOf, editedModes, modesOf } from './access.ts';

const anyModes = fc.record({
  private: fc.boolean(),
  restricted: fc.boolean(),
  closed: fc.boolean(),
  hidden: fc.boolean(),
});

test('each choice comes back from its own flags', () => {
  for (const access of ACCESSES)
    for (const hidden of [true, false]) expect(accessOf(modesOf(access, hidden))).toBe(access);
});

test('only a private place is hidden', () => {
  expect(ACCESSES.filter((access) => modesOf(access, true).hidden)).toEqual(['private']);
});

test('the four choices are what they say', () => {
  expect(modesOf('open', false)).toEqual({ private: false, restricted: false, closed: false, hidden: false });
  expect(modesOf('members', false)).toMatchObject({ restricted: true, closed: false });
  expect(modesOf('approved', false)).toMatchObject({ restricted: true, closed: true, private: false });
  expect(modesOf('private', true)).toEqual({ private: true, restricted: true, closed: true, hidden: true });
});

test('an edit that leaves the choice alone leaves every flag alone, whoever mixed them', () => {
  fc.assert(
    fc.property(anyModes, fc.constantFrom(...ACCESSES), fc.boolean(), (modes, access, hidden) => {
      expect(editedModes(modes, accessOf(modes), modes.hidden)).toBe(modes);
      const edited = editedModes(modes, access, hidden);
      expect(accessOf(edited)).toBe(access);
      if (edited.private !== modes.private) expect(edited.private).toBe(access === 'private');
    }),
  );
});
