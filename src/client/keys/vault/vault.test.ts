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
const bytesIn = (value: unknown): string => {
  const seen: string[] = [];
  JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) seen.push(Buffer.from(part).toString('hex'));
    return part;
  });
  return seen.join() + JSON.stringify(value);
};

test('an empty vault holds nothing and opens for nobody', async () => {
  const { vault } = makeVault();
  expect(await vault.load()).toEqual({ kind: 'nothing' });
  expect(await vault.unlock('x', true)).toMatchObject({ error: { code: 'empty' } });
  expect(await vault.sealedKey()).toBeUndefined();
  expect(await vault.isStaying()).toBe(false);
});

test('while staying signed in the next page has the secret at once', async () => {
  const { vault, open } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', true);
  expect(await open().load()).toEqual({ kind: 'device', pubkey, secret });
  expect(await vault.isStaying()).toBe(true);
});

test('without staying the next page waits for the passphrase', async () => {
  const { vault, open } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', false);
  const next = open();
  expect(await next.load()).toEqual({ kind: 'device', pubkey });
  expect(await next.unlock('correct horse', false)).toEqual({ ok: true, value: secret });
  expect(await open().load()).toEqual({ kind: 'device', pubkey });
});

test('locking drops the way in without the passphrase; unlocking brings it back', async () => {
  const { vault, open } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', true);
  await vault.lock();
  expect(await open().load()).toEqual({ kind: 'device', pubkey });
  await vault.unlock('correct horse', true);
  expect(await open().load()).toEqual({ kind: 'device', pubkey, secret });
});

test('the secret never lies readable in the record', async () => {
  const { vault, port } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', true);
  const hex = Buffer.from(secret).toString('hex');
  expect(bytesIn(port.record)).not.toContain(hex);
  expect(bytesIn(port.record)).not.toContain('correct horse');
});

test('from the fifth wrong passphrase on there is a wait that survives the page, even for the right one', async () => {
  const { vault, open, sealer, clock } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', false);
  for (let i = 0; i < 5; i++)
    expect(await vault.unlock('wrong', false)).toMatchObject({ error: { code: 'passphrase' } });
  const works = sealer.works;
  expect(await open().unlock('correct horse', false)).toMatchObject({
    error: { code: 'wait', cause: 5000 },
  });
  expect(sealer.works).toBe(works);
  clock.now += 5000;
  expect((await open().unlock('correct horse', false)).ok).toBe(true);
  expect(await open().unlock('wrong', false)).toMatchObject({ error: { code: 'passphrase' } });
});

test('every try costs one work, right or wrong', async () => {
  const { vault, sealer } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', false);
  const before = sealer.works;
  await vault.unlock('wrong', false);
  await vault.unlock('correct horse', false);
  expect(sealer.works).toBe(before + 2);
});

test('revealing shows the secret and leaves the lock as it is', async () => {
  const { vault, open } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', false);
  expect(await vault.reveal('correct horse')).toEqual({ ok: true, value: secret });
  expect(await vault.reveal('wrong')).toMatchObject({ error: { code: 'passphrase' } });
  expect(await open().load()).toEqual({ kind: 'device', pubkey });
});

test('tries at once are counted one after the other', async () => {
  const { vault } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', false);
  const results = await Promise.all(Array.from({ length: 8 }, () => vault.unlock('wrong', false)));
  expect(results.map((result) => (result.ok ? '' : result.error.code))).toEqual([
    ...Array.from({ length: 5 }, () => 'passphrase'),
    ...Array.from({ length: 3 }, () => 'wait'),
  ]);
});

test('staying signed in can be turned off and on', async () => {
  const { vault, open } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', true);
  await vault.stay(undefined);
  expect(await open().load()).toEqual({ kind: 'device', pubkey });
  await vault.stay(secret);
  expect(await open().load()).toEqual({ kind: 'device', pubkey, secret });
});

test('a write that fails leaves what was there', async () => {
  const { vault, port, open } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', true);
  port.broken = true;
  const other = generateSecretKey();
  await expect(vault.keepKey(getPublicKey(other), other, 'x', true)).rejects.toThrow('disk full');
  port.broken = false;
  expect(await open().load()).toEqual({ kind: 'device', pubkey, secret });
});

test('the recovery code opens with the passphrase', async () => {
  const { vault, sealer } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', true);
  const code = await vault.sealedKey();
  expect(await sealer.open(code ?? '', 'correct horse')).toEqual({ ok: true, value: secret });
  const second = makeVault();
  await second.vault.keepSealed(pubkey, secret, code ?? '', false);
  expect((await second.vault.unlock('correct horse', false)).ok).toBe(true);
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
  expect(bytesIn(port.record)).not.toContain('once');
});

test('forgetting leaves nothing', async () => {
  const { vault, open, port } = makeVault();
  await vault.keepKey(pubkey, secret, 'correct horse', true);
  await vault.forget();
  expect(port.record).toBeUndefined();
  expect(await open().load()).toEqual({ kind: 'nothing' });
});
