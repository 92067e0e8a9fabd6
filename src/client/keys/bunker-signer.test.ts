import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { connectBunker, resumeBunker } from './bunker-signer.ts';
import type { BunkerLine, BunkerOptions } from './bunker-signer.ts';

const secret = generateSecretKey();
const pubkey = getPublicKey(secret);
const address = { pubkey: 'ab'.repeat(32), relays: ['wss://a.test'] };
const own = generateSecretKey();
const draft = { kind: 1, created_at: 1_800_000_000, content: 'hello', tags: [['h', 'group']] };
const never = () => new Promise<never>(() => undefined);

const makeLine = (changes: Partial<BunkerLine> = {}) => {
  const log: string[] = [];
  const line: BunkerLine = {
    connect: () => Promise.resolve(log.push('connect')),
    getPublicKey: () => Promise.resolve(pubkey),
    signEvent: (event) => Promise.resolve(finalizeEvent(event, secret)),
    nip44Encrypt: (peer, plain) => Promise.resolve(`${peer}:${plain}`),
    nip44Decrypt: never,
    close: () => void log.push('close'),
    ...changes,
  };
  const options: BunkerOptions = { open: () => Promise.resolve(line), patience: 20 };
  return { log, options };
};

test('connects, asks whose key it is, signs', async () => {
  const { options, log } = makeLine();
  const signer = await connectBunker(address, own, options);
  if (!signer.ok) throw new Error(signer.error.message);
  expect(signer.value.pubkey).toBe(pubkey);
  expect((await signer.value.sign(draft)).ok).toBe(true);
  signer.value.close();
  expect(log).toEqual(['connect', 'close']);
});

test('takes a known connection up again without saying hello', async () => {
  const { options, log } = makeLine();
  const signer = await resumeBunker(pubkey, address, own, options);
  expect(signer.ok && signer.value.pubkey).toBe(pubkey);
  expect(log).toEqual([]);
});

test('a signer that says no refuses; one that is silent is unreachable; both are hung up on', async () => {
  const no = makeLine({ connect: () => Promise.reject('denied') });
  expect(await connectBunker(address, own, no.options)).toMatchObject({ error: { code: 'refused' } });
  const silent = makeLine({ getPublicKey: never });
  expect(await connectBunker(address, own, silent.options)).toMatchObject({ error: { code: 'unreachable' } });
  expect(no.log).toContain('close');
  expect(silent.log).toContain('close');
});

test('the person can turn away', async () => {
  const { options, log } = makeLine({ connect: never });
  const controller = new AbortController();
  const connecting = connectBunker(address, own, { ...options, patience: 10_000, signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort();
  expect(await connecting).toMatchObject({ error: { code: 'unreachable' } });
  expect(log).toContain('close');
});

test('a line that cannot be opened is a failure', async () => {
  const result = await connectBunker(address, own, { open: () => Promise.reject(new Error('no network')) });
  expect(result.ok).toBe(false);
});

test('an account key that is none is not believed', async () => {
  const { options } = makeLine({ getPublicKey: () => Promise.resolve('me') });
  expect(await connectBunker(address, own, options)).toMatchObject({ error: { code: 'changed' } });
});

test('what it signs is checked', async () => {
  const { options } = makeLine({
    signEvent: (event) => Promise.resolve(finalizeEvent({ ...event, tags: [] }, secret)),
  });
  const signer = await resumeBunker(pubkey, address, own, options);
  expect(signer.ok && (await signer.value.sign(draft))).toMatchObject({ error: { code: 'changed' } });
});

test('seals by asking; silence and nonsense are no sealed text', async () => {
  const signer = await connectBunker(address, own, makeLine().options);
  if (!signer.ok) throw new Error(signer.error.message);
  const { cipher } = signer.value;
  expect(await cipher.encrypt('peer', 'text')).toEqual({ ok: true, value: 'peer:text' });
  expect(await cipher.decrypt('peer', 'text')).toMatchObject({ error: { code: 'unreachable' } });
  const odd = await connectBunker(
    address,
    own,
    makeLine({ nip44Decrypt: () => Promise.resolve({}) }).options,
  );
  expect(odd.ok && (await odd.value.cipher.decrypt('p', 't'))).toMatchObject({ error: { code: 'changed' } });
});

test('only a web page with https is shown for confirmation', async () => {
  const shown: string[] = [];
  const open: BunkerOptions['open'] = async (_address, _own, onauth) => {
    for (const url of ['https://signer.test/ok', 'javascript:alert(1)', 'http://signer.test', 'nonsense'])
      onauth(url);
    const deaf = { connect: never, getPublicKey: never, signEvent: never };
    return { ...deaf, nip44Encrypt: never, nip44Decrypt: never, close: () => undefined };
  };
  await connectBunker(address, own, { open, patience: 5, onauth: (url) => shown.push(url) });
  expect(shown).toEqual(['https://signer.test/ok']);
});
