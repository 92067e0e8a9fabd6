import { generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseSafetyQr, safetyGroups, safetyNumber, safetyQr } from './safety-number.ts';

const key = () => getPublicKey(generateSecretKey());

/** The same by another library, step by step as the decision says. */
const byNode = (pubkey: string): string => {
  const own = Buffer.from(pubkey, 'hex');
  let hash = Buffer.concat([Buffer.from('synchrono city safety number 1'), own]);
  for (let round = 0; round < 5_200; round++)
    hash = createHash('sha512')
      .update(Buffer.concat([hash, own]))
      .digest();
  const groups = [0, 5, 10, 15, 20, 25].map((at) => BigInt(`0x${hash.subarray(at, at + 5).toString('hex')}`));
  return groups.map((group) => String(group % 100_000n).padStart(5, '0')).join('');
};

test('both sides have the same sixty digits, made as the decision says', () => {
  const [anna, ben] = [key(), key()];
  const number = safetyNumber(anna, ben);
  expect(number).toMatch(/^\d{60}$/);
  expect(safetyNumber(ben, anna)).toBe(number);
  expect(number).toBe([byNode(anna), byNode(ben)].sort().join(''));
  expect(safetyGroups(number)).toHaveLength(12);
  expect(safetyGroups(number).join('')).toBe(number);
});

test('whoever stands between them has other digits on both sides', () => {
  const [anna, ben, eve] = [key(), key(), key()];
  expect(new Set([safetyNumber(anna, ben), safetyNumber(anna, eve), safetyNumber(eve, ben)]).size).toBe(3);
});

test('it stays what it was: people have written it down', () => {
  expect(safetyNumber('ab'.repeat(32), 'cd'.repeat(32))).toMatchInlineSnapshot(`"117183829981809248372798578591832331385101123238029803153661"`);
});

test('the code on the screen says the number, and no other code does', () => {
  const number = '1'.repeat(60);
  expect(parseSafetyQr(safetyQr(number))).toBe(number);
  for (const other of [
    '',
    number,
    'nostr:npub1x',
    safetyQr('1'),
    safetyQr(`${number}1`),
    safetyQr('x'.repeat(60)),
  ])
    expect(parseSafetyQr(other)).toBeUndefined();
});
