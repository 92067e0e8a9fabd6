import { expect, test } from 'vitest';
import { failureWords, newPassphraseError, profileCostWords, profileProblemWords } from './words.ts';

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

test('what saving costs is said in this device’s seconds, where they are known', () => {
  expect(profileCostWords(undefined)).toMatch(/some seconds of work/);
  expect(profileCostWords(0.1)).toMatch(/a moment of work/);
  expect(profileCostWords(12)).toMatch(/about 12 seconds of work on this device, sometimes three times that/);
});
