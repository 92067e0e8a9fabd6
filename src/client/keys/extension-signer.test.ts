import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { connectExtension, detectExtension, ExtensionSigner, pageExtension } from './extension-signer.ts';
import type { Extension, ExtensionPort } from './extension-signer.ts';

const secret = generateSecretKey();
const pubkey = getPublicKey(secret);
const draft = { kind: 1, created_at: 1_800_000_000, content: 'hello', tags: [['h', 'group']] };
const honest: Extension = {
  getPublicKey: () => Promise.resolve(pubkey),
  signEvent: (event) => Promise.resolve(finalizeEvent(event, secret)),
};
const at = (extension: Extension | undefined): ExtensionPort => ({ find: () => extension });
const never = () => new Promise<never>(() => undefined);

test('an honest extension signs', async () => {
  const connected = await connectExtension(at(honest));
  if (!connected.ok) throw new Error(connected.error.message);
  expect(connected.value.pubkey).toBe(pubkey);
  expect((await connected.value.sign(draft)).ok).toBe(true);
});

test('an extension that signs something else is found out', async () => {
  const sly = at({
    ...honest,
    signEvent: (event) => Promise.resolve(finalizeEvent({ ...event, content: 'bye' }, secret)),
  });
  expect(await new ExtensionSigner(pubkey, sly).sign(draft)).toMatchObject({ error: { code: 'changed' } });
});

test('an extension that switched to another account is found out', async () => {
  const other = generateSecretKey();
  const switched = at({ ...honest, signEvent: (event) => Promise.resolve(finalizeEvent(event, other)) });
  expect(await new ExtensionSigner(pubkey, switched).sign(draft)).toMatchObject({
    error: { code: 'changed' },
  });
});

test('a no is a refusal, thrown or rejected', async () => {
  const rejecting = at({ ...honest, signEvent: () => Promise.reject(new Error('user said no')) });
  expect(await new ExtensionSigner(pubkey, rejecting).sign(draft)).toMatchObject({
    error: { code: 'refused' },
  });
  const throwing = at({
    ...honest,
    getPublicKey: () => {
      throw new Error('no');
    },
  });
  expect(await connectExtension(throwing)).toMatchObject({ error: { code: 'refused' } });
});

test('silence and absence are unreachable', async () => {
  const silent = at({ getPublicKey: never, signEvent: never });
  expect(await connectExtension(silent, 5)).toMatchObject({ error: { code: 'unreachable' } });
  expect(await new ExtensionSigner(pubkey, silent, 5).sign(draft)).toMatchObject({
    error: { code: 'unreachable' },
  });
  expect(await connectExtension(at(undefined))).toMatchObject({ error: { code: 'unreachable' } });
  expect(await new ExtensionSigner(pubkey, at(undefined)).sign(draft)).toMatchObject({
    error: { code: 'unreachable' },
  });
});

test('a key that is none is not believed', async () => {
  for (const answer of ['', 'npub1…', pubkey.toUpperCase(), 7, null])
    expect(
      await connectExtension(at({ ...honest, getPublicKey: () => Promise.resolve(answer) })),
    ).toMatchObject({
      error: { code: 'changed' },
    });
});

test('a late extension is waited for, an absent one not for ever', async () => {
  let looked = 0;
  expect(await detectExtension({ find: () => (++looked > 2 ? honest : undefined) }, 1000)).toBe(true);
  expect(await detectExtension(at(undefined), 1)).toBe(false);
});

test('the page’s extension must have both hands', () => {
  const page = globalThis as { nostr?: unknown };
  expect(pageExtension.find()).toBeUndefined();
  page.nostr = { getPublicKey: () => undefined };
  expect(pageExtension.find()).toBeUndefined();
  page.nostr = honest;
  expect(pageExtension.find()).toBe(honest);
  delete page.nostr;
});
