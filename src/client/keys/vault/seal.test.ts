import { encrypt } from 'nostr-tools/nip49';
import { generateSecretKey } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { parseRecoveryFile } from '../recovery/recovery-file.ts';
import { blockingSealer, LOG_N } from './seal.ts';

const secret = generateSecretKey();

test('what is sealed opens with its passphrase, and with no other', async () => {
  const code = await blockingSealer.seal(secret, 'correct horse');
  expect(parseRecoveryFile(code)).toMatchObject({ ok: true, value: { logN: LOG_N } });
  expect(await blockingSealer.open(code, 'correct horse')).toEqual({ ok: true, value: secret });
  expect(await blockingSealer.open(code, 'Correct horse')).toMatchObject({ error: { code: 'passphrase' } });
});

test('NIP-49’s own vector opens, with its passphrase in another spelling', async () => {
  const code =
    'ncryptsec1qgg9947rlpvqu76pj5ecreduf9jxhselq2nae2kghhvd5g7dgjtcxfqtd67p9m0w57lspw8gsq6yphnm8623nsl8xn9j4jdzz84zm3frztj3z7s35vpzmqf6ksu8r89qk5z2zxfmu5gv8th8wclt0h4p';
  const opened = await blockingSealer.open(code, 'nostr');
  expect(opened.ok && Buffer.from(opened.value).toString('hex')).toBe(
    '3501454135014541350145413501453fefb02227e449e57cf4d3a3ce05378683',
  );
});

test('a passphrase is the same in NFC and NFD', async () => {
  const code = encrypt(secret, 'ÅΩẛ̣'.normalize('NFC'), 2);
  expect((await blockingSealer.open(code, 'ÅΩẛ̣'.normalize('NFD'))).ok).toBe(true);
});

test('a code that nobody can open is damaged, not a wrong passphrase', async () => {
  const code = encrypt(secret, 'x', 2);
  for (const text of ['', 'ncryptsec1', code.slice(0, -2), encrypt(new Uint8Array(8), 'x', 2)])
    expect(await blockingSealer.open(text, 'x')).toMatchObject({ error: { code: 'damaged' } });
});
