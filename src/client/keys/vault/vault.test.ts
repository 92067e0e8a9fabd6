import { generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { MemoryVaultPort, QuickSealer } from '../../../../tests/support/fake-vault.ts';
import { Vault } from './vault.ts';

const secret = generateSecretKey();
const pubkey = getPublicKey(secret);

const makeVault = () => {
  const port = new MemoryVaultPort();
  const sealer = new QuickSealer();
  const clock = { now: 1_000_000 };
  const open = () => new Vault(port, sealer, { now: () => clock.now });
  return { port, sealer, clock, vault: open(), open };
};
test('an empty vault holds nothing and opens for nobody', async () => {
  const { vault } = makeVault();
  expect(await vault.load()).toEqual({ kind: 'nothing' });
  expect(await vault.unlock('x')).toMatchObject({ error: { code: 'empty' } });
  expect(await vault.reseal('x')).toBe(false);
  expect(await vault.sealedKey()).toBeUndefined();
});

/** As a key was moved from the store before this one while it was locked. */
const forgetSecret = (port: MemoryVaultPort) => {
  const { secret: _, ...rest } = port.record as Record<string, unknown>;
  port.record = rest;
};

test('the next page has the secret at once', async () => {
  const { vault, open } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  expect(await open().load()).toEqual({ kind: 'device', pubkey, secret });
});

test('a key that only its passphrase gives is kept once it was given', async () => {
  const { vault, open, port } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  forgetSecret(port);
  const next = open();
  expect(await next.load()).toEqual({ kind: 'device', pubkey });
  expect(await next.unlock('wrong')).toMatchObject({ error: { code: 'passphrase' } });
  expect(await open().load()).toEqual({ kind: 'device', pubkey });
  expect(await next.unlock('correct horse')).toEqual({ ok: true, value: secret });
  expect(await open().load()).toEqual({ kind: 'device', pubkey, secret });
});

test('another passphrase for the recovery file', async () => {
  const { vault, port } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  expect(await vault.reseal('battery staple')).toBe(true);
  expect(await vault.reveal('correct horse')).toMatchObject({ error: { code: 'passphrase' } });
  expect(await vault.reveal('battery staple')).toEqual({ ok: true, value: secret });
  forgetSecret(port);
  const before = await vault.sealedKey();
  expect(await vault.reseal('new')).toBe(false);
  expect(await vault.sealedKey()).toBe(before);
});

test('from the fifth wrong passphrase on there is a wait that survives the page, even for the right one', async () => {
  const { vault, open, sealer, clock } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  for (let i = 0; i < 5; i++)
    expect(await vault.unlock('wrong')).toMatchObject({ error: { code: 'passphrase' } });
  const works = sealer.works;
  expect(await open().unlock('correct horse')).toMatchObject({
    error: { code: 'wait', cause: 5000 },
  });
  expect(sealer.works).toBe(works);
  clock.now += 5000;
  expect((await open().unlock('correct horse')).ok).toBe(true);
  expect(await open().unlock('wrong')).toMatchObject({ error: { code: 'passphrase' } });
});

test('every try costs one work, right or wrong', async () => {
  const { vault, sealer } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  const before = sealer.works;
  await vault.unlock('wrong');
  await vault.unlock('correct horse');
  expect(sealer.works).toBe(before + 2);
});

test('revealing shows the secret and keeps nothing that was not kept', async () => {
  const { vault, open, port } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  forgetSecret(port);
  expect(await vault.reveal('correct horse')).toEqual({ ok: true, value: secret });
  expect(await vault.reveal('wrong')).toMatchObject({ error: { code: 'passphrase' } });
  expect(await open().load()).toEqual({ kind: 'device', pubkey });
});

test('tries at once are counted one after the other', async () => {
  const { vault } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  const results = await Promise.all(Array.from({ length: 8 }, () => vault.unlock('wrong')));
  expect(results.map((result) => (result.ok ? '' : result.error.code))).toEqual([
    ...Array.from({ length: 5 }, () => 'passphrase'),
    ...Array.from({ length: 3 }, () => 'wait'),
  ]);
});

test('a write that fails leaves what was there', async () => {
  const { vault, port, open } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  port.broken = true;
  const other = generateSecretKey();
  await expect(vault.keepKey(getPublicKey(other), other, 'x')).rejects.toThrow('disk full');
  port.broken = false;
  expect(await open().load()).toEqual({ kind: 'device', pubkey, secret });
});

test('the recovery code opens with the passphrase', async () => {
  const { vault, sealer } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  const code = await vault.sealedKey();
  expect(await sealer.open(code ?? '', 'correct horse')).toEqual({ ok: true, value: secret });
  const second = makeVault();
  await second.vault.keepSealed(pubkey, secret, code ?? '');
  expect((await second.vault.unlock('correct horse')).ok).toBe(true);
});

test('extension and remote signer are remembered, the one-time secret is not', async () => {
  const { vault, open, port } = makeVault();
  await vault.keepExtension(pubkey);
  expect(await open().load()).toEqual({ kind: 'extension', pubkey });
  const own = generateSecretKey();
  await vault.keepBunker(pubkey, { pubkey: 'cd'.repeat(32), relays: ['wss://a.test'], secret: 'once' }, own);
  expect(await open().load()).toEqual({
    kind: 'bunker',
    pubkey,
    address: { pubkey: 'cd'.repeat(32), relays: ['wss://a.test'] },
    own,
  });
  expect(JSON.stringify(port.record)).not.toContain('once');
});

test('forgetting leaves nothing', async () => {
  const { vault, open, port } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse');
  await vault.forget();
  expect(port.record).toBeUndefined();
  expect(await open().load()).toEqual({ kind: 'nothing' });
});
