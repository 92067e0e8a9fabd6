import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { listKey, listsTable, ownKeysTable } from '#client/city/lists-table.ts';
import type { Extension } from '#client/keys/extension-signer.ts';
import { formatSecretKey } from '#client/keys/recovery/secret-key.ts';
import type { Signer } from '#client/keys/signer.ts';
import { Vault } from '#client/keys/vault/vault.ts';
import { INBOX_RELAYS, PROFILE, RELAY_LIST } from '#protocol/kinds.ts';
import { FakeCity } from '../../../../tests/support/fake-city.ts';
import { MemoryVaultPort, QuickSealer } from '../../../../tests/support/fake-vault.ts';
import { identityProjection } from '../projection.ts';
import { AccountController } from './identity.svelte.ts';
import type { AccountPorts, Seat } from './identity.svelte.ts';
import { identityTable } from './tables.ts';

const now = 1_800_000_000;
const pass = 'correct horse battery';

class FakeSeat implements Seat {
  signer: Signer | undefined;
  readonly log: string[] = [];
  readonly #city: FakeCity;

  constructor(city: FakeCity) {
    this.#city = city;
  }
  signIn(signer: Signer): void {
    this.signer = signer;
    this.#city.account = { pubkey: signer.pubkey, signer: signer.kind, locked: false };
    this.log.push('in');
  }
  lock(pubkey: string): void {
    this.signer = undefined;
    this.#city.account = { pubkey, signer: 'device', locked: true };
    this.log.push('lock');
  }
  signOut(): void {
    this.signer = undefined;
    this.#city.account = undefined;
    this.log.push('out');
  }
}

const makeDevice = (changes: Partial<AccountPorts> = {}) => {
  const city = new FakeCity({ projections: [identityProjection], now });
  const seat = new FakeSeat(city);
  const port = new MemoryVaultPort();
  const sealer = new QuickSealer();
  const saved: { name: string; text: string }[] = [];
  const passphrases: string[] = [];
  let wiped = 0;
  const open = (): AccountController =>
    new AccountController({
      city,
      seat,
      vault: new Vault(port, sealer, { now: () => now * 1000 }),
      sealer,
      wipe: () => Promise.resolve(void wiped++),
      setPassphrase: (passphrase) => Promise.resolve(void passphrases.push(passphrase)),
      address: 'https://city.test',
      saveText: (name, text) => void saved.push({ name, text }),
      clock: { now: () => now },
      ...changes,
    });
  return { city, seat, port, saved, passphrases, open, controller: open(), wiped: () => wiped };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
const kindsOf = (city: FakeCity) => city.published.map(({ kind }) => kind);

test('a visitor starts as a visitor', async () => {
  const { controller, seat } = makeDevice();
  await controller.start();
  expect(controller.phase).toBe('visitor');
  expect(seat.log).toEqual([]);
});

test('an account is usable at once, and is the one whose arms were shown', async () => {
  const { controller, seat } = makeDevice();
  await controller.start();
  const shown = controller.freshPubkey;
  expect(await controller.create('  Ada  ', pass)).toEqual({ ok: true, value: true });
  expect(controller.phase).toBe('ready');
  expect(seat.signer?.pubkey).toBe(shown);
  const signed = await seat.signer?.sign({ kind: 1, tags: [], content: 'hi', created_at: now });
  expect(signed?.ok).toBe(true);
  expect(controller.shouldOfferRecovery).toBe(true);
});

test('behind it, relay list, inbox relays and profile are published once', async () => {
  const { controller, city, open } = makeDevice();
  await controller.create('Ada', pass);
  await settled();
  expect(kindsOf(city).sort()).toEqual([PROFILE, RELAY_LIST, INBOX_RELAYS].sort());
  expect(city.published.find(({ kind }) => kind === PROFILE)?.content).toBe('{"name":"Ada"}');
  expect(city.published.find(({ kind }) => kind === RELAY_LIST)?.tags).toEqual([['r', city.relay]]);
  expect(city.published.find(({ kind }) => kind === INBOX_RELAYS)?.tags).toEqual([['relay', city.relay]]);
  expect(city.options[city.drafts.findIndex(({ kind }) => kind === PROFILE)]?.title).toBeTruthy();
  controller.profile?.stop();
  await open().start();
  await settled();
  expect(city.published).toHaveLength(3);
});

test('a profile whose work was cut short is resumed at the next start', async () => {
  const { controller, city, open } = makeDevice();
  city.publishFailure = { code: 'cancelled', message: 'closed' };
  await controller.create('Ada', pass);
  await settled();
  expect(controller.profile?.problem?.code).toBe('cancelled');
  expect(controller.profile?.isWaiting).toBe(true);
  expect(controller.profile?.shown.name).toBe('Ada');
  city.publishFailure = undefined;
  const next = open();
  await next.start();
  await settled();
  expect(kindsOf(city)).toContain(PROFILE);
  expect(next.profile?.isWaiting).toBe(false);
});

test('an unreachable city does not keep a newborn from starting', async () => {
  const { controller, city } = makeDevice();
  city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
  expect((await controller.create('Ada', pass)).ok).toBe(true);
  await settled();
  expect(kindsOf(city)).toHaveLength(3);
});

test('a name that is too short is refused before anything is kept', async () => {
  const { controller, port } = makeDevice();
  expect(await controller.create('A', pass)).toMatchObject({ error: { code: 'name' } });
  expect(port.record).toBeUndefined();
});

test('a device that cannot store leaves nothing half-open', async () => {
  const { controller, port, seat } = makeDevice();
  await controller.start();
  port.broken = true;
  expect(await controller.create('Ada', pass)).toMatchObject({ error: { code: 'storage' } });
  expect(controller.phase).toBe('visitor');
  expect(seat.signer).toBeUndefined();
});

/** As a key was moved from an earlier store while it was locked: only the passphrase gives it. */
const forgetSecret = (port: MemoryVaultPort) => {
  const { secret: _, ...rest } = port.record as Record<string, unknown>;
  port.record = rest;
};

test('the next page is signed in at once, and the passphrase opens the profile', async () => {
  const { controller, open, passphrases } = makeDevice();
  await controller.create('Ada', pass);
  const second = open();
  await second.start();
  expect(second.phase).toBe('ready');
  expect(passphrases).toEqual([pass]);
});

test('a key that only its passphrase gives waits for it', async () => {
  const { controller, open, port, seat, passphrases } = makeDevice();
  await controller.create('Ada', pass);
  forgetSecret(port);
  const next = open();
  await next.start();
  expect([next.phase, next.pubkey, seat.log.at(-1)]).toEqual(['locked', controller.pubkey, 'lock']);
  expect(await next.unlock('wrong')).toMatchObject({ error: { code: 'passphrase' } });
  expect(next.phase).toBe('locked');
  expect((await next.unlock(pass)).ok).toBe(true);
  expect(next.phase).toBe('ready');
  expect(passphrases).toEqual([pass, pass]);
});

test('nobody’s account is overwritten by another', async () => {
  const { controller, port } = makeDevice();
  await controller.create('Ada', pass);
  const before = structuredClone(port.record);
  expect(await controller.create('Eve', pass)).toMatchObject({ error: { code: 'occupied' } });
  expect(await controller.signInWithSecret('ab'.repeat(32), pass)).toMatchObject({
    error: { code: 'occupied' },
  });
  expect(port.record).toMatchObject({ pubkey: (before as { pubkey: string }).pubkey });
});

test('the recovery file brings the account to another device', async () => {
  const first = makeDevice();
  await first.controller.create('Ada', pass);
  await settled();
  expect(first.controller.isRecoveryDue).toBe(true);
  expect(await first.controller.exportRecovery()).toBe(true);
  await settled();
  expect(first.controller.isRecoveryDue).toBe(false);
  expect(first.controller.shouldOfferRecovery).toBe(false);
  const [file] = first.saved;
  expect(file?.name).toBe('synchrono-city-recovery-ada.txt');

  const second = makeDevice();
  expect(await second.controller.signInWithFile(file?.text ?? '', 'wrong')).toMatchObject({
    error: { code: 'passphrase' },
  });
  expect(await second.controller.signInWithFile('hello', pass)).toMatchObject({ error: { code: 'file' } });
  expect((await second.controller.signInWithFile(file?.text ?? '', pass)).ok).toBe(true);
  expect(second.controller.pubkey).toBe(first.controller.pubkey);
  await settled();
  expect(second.controller.isRecoveryDue).toBe(false);
  expect(second.city.published).toEqual([]);
});

test('later means later: the reminder stays', async () => {
  const { controller } = makeDevice();
  await controller.create('Ada', pass);
  controller.postponeRecovery();
  await settled();
  expect(controller.shouldOfferRecovery).toBe(false);
  expect(controller.isRecoveryDue).toBe(true);
});

test('a secret key signs in under a new passphrase and can be shown again', async () => {
  const secret = generateSecretKey();
  const { controller } = makeDevice();
  const nsec = formatSecretKey(secret);
  expect((await controller.signInWithSecret(nsec, pass)).ok).toBe(true);
  expect(controller.pubkey).toBe(getPublicKey(secret));
  expect(await controller.revealSecret('wrong')).toMatchObject({ error: { code: 'passphrase' } });
  expect(await controller.revealSecret(pass)).toEqual({ ok: true, value: nsec });
  expect(await controller.signInWithSecret('nsec1', pass)).toMatchObject({ error: { code: 'occupied' } });
});

test('somebody from elsewhere is asked for, at their own relays too, and nothing is written for them', async () => {
  const { controller, city } = makeDevice({ lookupRelays: () => ['wss://index.test'] });
  await controller.signInWithSecret(formatSecretKey(generateSecretKey()), pass);
  await settled();
  expect(city.fetches.map(({ relay }) => relay)).toContain('wss://index.test');
  expect([...city.subscriptions][0]?.filters[0]?.authors).toEqual([controller.pubkey]);
  expect(city.published).toEqual([]);
});

test('an extension signs in and is remembered', async () => {
  const secret = generateSecretKey();
  const extension: Extension = {
    getPublicKey: () => Promise.resolve(getPublicKey(secret)),
    signEvent: (event) => Promise.resolve(finalizeEvent(event, secret)),
  };
  const { controller, open, seat } = makeDevice({ extension: { find: () => extension } });
  expect((await controller.signInWithExtension()).ok).toBe(true);
  expect(seat.signer?.kind).toBe('extension');
  expect(await controller.exportRecovery()).toBe(false);
  const next = open();
  await next.start();
  expect(next.pubkey).toBe(getPublicKey(secret));
});

test('a remote signer signs in and is taken up again; a wrong address is told', async () => {
  const secret = generateSecretKey();
  const log: string[] = [];
  const { controller, open } = makeDevice({
    openBunker: () =>
      Promise.resolve({
        connect: () => Promise.resolve(log.push('connect')),
        getPublicKey: () => Promise.resolve(getPublicKey(secret)),
        signEvent: (event) => Promise.resolve(finalizeEvent(event, secret)),
        nip44Encrypt: () => Promise.reject(new Error('not asked')),
        nip44Decrypt: () => Promise.reject(new Error('not asked')),
        close: () => void log.push('close'),
      }),
  });
  expect(await controller.signInWithBunker('https://x')).toMatchObject({ error: { code: 'address' } });
  const address = `bunker://${'ab'.repeat(32)}?relay=wss://a.test`;
  expect((await controller.signInWithBunker(address)).ok).toBe(true);
  const next = open();
  await next.start();
  expect(next.pubkey).toBe(getPublicKey(secret));
  await next.signOut();
  expect(log).toEqual(['connect', 'close']);
});

test('signing out leaves nothing on the device', async () => {
  const { controller, port, seat, wiped, open } = makeDevice();
  await controller.create('Ada', pass);
  await controller.signOut();
  expect(port.record).toBeUndefined();
  expect(seat.log.at(-1)).toBe('out');
  expect(wiped()).toBe(1);
  const next = open();
  await next.start();
  expect(next.phase).toBe('visitor');
});

test('an edit is merged into what is published, foreign fields kept', async () => {
  const { controller, city } = makeDevice();
  await controller.create('Ada', pass);
  await settled();
  const [first] = city.published.filter(({ kind }) => kind === PROFILE);
  await city.deliver({
    ...(first as NonNullable<typeof first>),
    id: 'f'.repeat(64),
    created_at: now + 50,
    content: '{"name":"Ada","lud16":"ada@wallet.test","banner":"x"}',
  });
  expect(await controller.profile?.save({ name: 'Ada', about: 'Engines' })).toMatchObject({ ok: true });
  await settled();
  const latest = city.published.at(-1);
  expect(JSON.parse(latest?.content ?? '')).toEqual({
    name: 'Ada',
    lud16: 'ada@wallet.test',
    banner: 'x',
    about: 'Engines',
  });
  expect(controller.profile?.shown.about).toBe('Engines');
});

test('an edit that cannot be merged waits and says why', async () => {
  const { controller, city } = makeDevice();
  await controller.create('Ada', pass);
  await settled();
  city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
  await controller.profile?.save({ name: 'Ada L.', about: '' });
  await settled();
  expect(controller.profile?.problem?.code).toBe('unreachable');
  expect(controller.profile?.shown.name).toBe('Ada L.');
  city.onFetch = () => [];
  await controller.profile?.publishWanted();
  expect(JSON.parse(city.published.at(-1)?.content ?? '')).toMatchObject({ name: 'Ada L.' });
  expect(controller.profile?.problem).toBeUndefined();
});

test('a refusal by the city is told in its own words', async () => {
  const { controller, city } = makeDevice();
  city.answers = () => ({ ok: false, error: { code: 'refused', message: 'pow: 0 needs 20 bits, has 4' } });
  await controller.create('Ada', pass);
  await settled();
  expect(controller.profile?.problem).toEqual({ code: 'refused', message: '0 needs 20 bits, has 4' });
});

test('a bad edit is refused before it is written down', async () => {
  const { controller, city } = makeDevice();
  await controller.create('Ada', pass);
  await settled();
  expect(await controller.profile?.save({ name: 'x' })).toMatchObject({ error: { code: 'name' } });
  expect((await city.get(identityTable, controller.pubkey ?? ''))?.wanted).toBeUndefined();
});

test('other arms are another key', () => {
  const { controller } = makeDevice();
  const before = controller.freshPubkey;
  controller.drawAgain();
  expect(controller.freshPubkey).not.toBe(before);
});

test('the birth is written down, for merges', async () => {
  const { controller, city } = makeDevice();
  await controller.create('Ada', pass);
  await settled();
  expect(await city.get(ownKeysTable, controller.pubkey ?? '')).toMatchObject({ bornAt: now });
  expect(await city.get(listsTable, listKey(controller.pubkey ?? '', PROFILE))).toBeDefined();
});
