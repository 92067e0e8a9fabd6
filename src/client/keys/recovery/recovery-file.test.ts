import { bech32 } from '@scure/base';
import { encrypt } from 'nostr-tools/nip49';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { makeRecoveryFile, parseRecoveryFile } from './recovery-file.ts';

const ncryptsec = encrypt(new Uint8Array(32).fill(7), 'correct horse', 4);
const other = encrypt(new Uint8Array(32).fill(8), 'correct horse', 4);
const facts = {
  name: 'Ada',
  city: 'Synchrono',
  address: 'https://city.test',
  ncryptsec,
  madeAt: 0,
};
const found = { ok: true, value: { ncryptsec, logN: 4 } };
const sealed = (version: number, logN: number, length = 91) => {
  const bytes = new Uint8Array(length);
  bytes.set([version, logN]);
  return bech32.encode('ncryptsec', bech32.toWords(bytes), 5000);
};

test('our own file reads back, whoever it belongs to', () => {
  fc.assert(
    fc.property(anyText, anyText, (name, city) => {
      fc.pre(!/ncryptsec1/i.test(name + city));
      expect(parseRecoveryFile(makeRecoveryFile({ ...facts, name, city }).text)).toEqual(found);
    }),
  );
});

test('the file tells a person what it is; the code stands on a line of its own', () => {
  const { text } = makeRecoveryFile(facts);
  expect(text).toContain('Recovery file of Ada');
  expect(text).toContain('https://city.test');
  expect(text).toContain('1970-01-01');
  expect(text.split('\n')).toContain(ncryptsec);
});

test('a name cannot add lines to the file', () => {
  const { text } = makeRecoveryFile({ ...facts, name: `Eve\n${other}` });
  expect(text.split('\n').filter((line) => line.startsWith('ncryptsec1'))).toEqual([ncryptsec]);
});

test('file names are safe on every system', () => {
  fc.assert(
    fc.property(anyText, (name) => {
      const { fileName } = makeRecoveryFile({ ...facts, name });
      expect(fileName).toMatch(/^synchrono-city-recovery-[\p{L}\p{N}][\p{L}\p{N}-]*\.txt$/u);
    }),
  );
  expect(makeRecoveryFile({ ...facts, name: 'Ada Lovelace!' }).fileName).toBe(
    'synchrono-city-recovery-ada-lovelace.txt',
  );
  expect(makeRecoveryFile({ ...facts, name: '../..' }).fileName).toBe('synchrono-city-recovery-account.txt');
});

test('tolerant of what surrounds the code', () => {
  for (const text of [
    ncryptsec,
    ncryptsec.toUpperCase(),
    `\uFEFF${ncryptsec}`,
    `  ${ncryptsec}\r\n`,
    makeRecoveryFile(facts).text.replaceAll('\n', '\r\n'),
    `my key: "${ncryptsec}", keep safe. Yours, Ada`,
    `${ncryptsec}\n${ncryptsec}`,
  ])
    expect(parseRecoveryFile(text)).toEqual(found);
});

test('strict about the code', () => {
  const damaged = { ok: false, error: { code: 'damaged' } };
  expect(parseRecoveryFile(ncryptsec.slice(0, -1))).toMatchObject(damaged);
  expect(parseRecoveryFile(ncryptsec.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q')))).toMatchObject(
    damaged,
  );
  expect(parseRecoveryFile('ncryptsec1qqqq')).toMatchObject(damaged);
  expect(parseRecoveryFile(sealed(2, 16, 90))).toMatchObject(damaged);
  expect(parseRecoveryFile('')).toMatchObject({ error: { code: 'file' } });
  expect(parseRecoveryFile('hello')).toMatchObject({ error: { code: 'file' } });
  expect(parseRecoveryFile(`${ncryptsec} ${other}`)).toMatchObject({ error: { code: 'file' } });
  expect(parseRecoveryFile('x'.repeat(200_000))).toMatchObject({ error: { code: 'file' } });
});

test('unknown versions and work that stalls a device are refused before any work', () => {
  expect(parseRecoveryFile(sealed(1, 16))).toMatchObject({ error: { code: 'foreign' } });
  expect(parseRecoveryFile(sealed(2, 21))).toMatchObject({ error: { code: 'foreign' } });
  expect(parseRecoveryFile(sealed(2, 255))).toMatchObject({ error: { code: 'foreign' } });
  expect(parseRecoveryFile(sealed(2, 0))).toMatchObject({ error: { code: 'foreign' } });
  expect(parseRecoveryFile(sealed(2, 20)).ok).toBe(true);
});

test('any text gives an answer; one changed letter never passes', () => {
  fc.assert(fc.property(anyText, (text) => !parseRecoveryFile(text).ok));
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: ncryptsec.length - 1 }),
      fc.constantFrom(...'qpzry9x8'),
      (at, letter) => {
        fc.pre(ncryptsec[at] !== letter);
        expect(parseRecoveryFile(ncryptsec.slice(0, at) + letter + ncryptsec.slice(at + 1)).ok).toBe(false);
      },
    ),
  );
});
