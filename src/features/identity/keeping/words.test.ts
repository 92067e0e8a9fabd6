import { expect, test } from 'vitest';
import { failureWords, newPassphraseError, profileProblemWords } from './words.ts';

test('known failures have our words, unknown ones their own', () => {
  expect(failureWords({ code: 'passphrase', message: 'x' })).toBe('This is not the passphrase.');
  expect(failureWords({ code: 'novel', message: 'Something new.' })).toBe('Something new.');
});

test('waits are told in fitting units', () => {
  expect(failureWords({ code: 'wait', message: '', cause: 4200 })).toContain('5 seconds');
  expect(failureWords({ code: 'wait', message: '', cause: 600_000 })).toContain('10 minutes');
});

test('a new passphrase has eight characters as people count them', () => {
  expect(newPassphraseError('short')).toBeTruthy();
  expect(newPassphraseError('🏙️'.repeat(3))).toBeTruthy();
  expect(newPassphraseError('long enough')).toBeUndefined();
});

test('a relay’s refusal of a profile keeps its reason', () => {
  expect(profileProblemWords({ code: 'refused', message: 'too busy' })).toContain('too busy');
  expect(profileProblemWords({ code: 'worker', message: 'It stopped.' })).toBe('It stopped.');
});
