import { expect, test, vi } from 'vitest';
import { browserPasskeys } from './browser-passkeys.ts';
import type { CredentialWindow } from './browser-passkeys.ts';

const SALT = new Uint8Array(32).fill(3);
const SECRET = new Uint8Array(32).fill(5);
const ID = Uint8Array.of(250, 251, 252);

type Prf = AuthenticationExtensionsPRFOutputs | undefined;
const credential = (prf: Prf) => ({ rawId: ID.buffer, getClientExtensionResults: () => ({ prf }) });

const pageOf = (answer: () => unknown) => {
  const create = vi.fn(async (_: CredentialCreationOptions) => answer() as Credential);
  const get = vi.fn(async (_: CredentialRequestOptions) => answer() as Credential);
  const signalUnknownCredential = vi.fn(async (_: object) => undefined);
  const page: CredentialWindow = {
    navigator: {
      credentials: {
        create: create as CredentialsContainer['create'],
        get: get as CredentialsContainer['get'],
      },
    },
    location: { hostname: 'city.test' },
    PublicKeyCredential: { signalUnknownCredential },
  };
  return { passkeys: browserPasskeys(page), create, get, signalUnknownCredential };
};
const makeWith = (prf: Prf) => {
  const page = pageOf(() => credential(prf));
  return { ...page, made: page.passkeys.make({ name: 'Ada', known: ['0102'], salt: SALT }) };
};

test('a passkey is made with the person’s consent, for its secret, and not twice on one key', async () => {
  const { made, create } = makeWith({ enabled: true, results: { first: SECRET } });
  expect(await made).toEqual({ ok: true, value: { id: 'fafbfc', secret: SECRET } });
  expect(create.mock.calls[0]?.[0]?.publicKey).toMatchObject({
    user: { name: 'Ada' },
    excludeCredentials: [{ type: 'public-key', id: Uint8Array.of(1, 2) }],
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    extensions: { prf: { eval: { first: SALT } } },
  });
});

test('many give their secret only when asked', async () => {
  expect(await makeWith({ enabled: true }).made).toEqual({ ok: true, value: { id: 'fafbfc' } });
});

test.each([undefined, {}, { enabled: false }])('one that gives no secret is taken back: %o', async (prf) => {
  const { made, signalUnknownCredential } = makeWith(prf);
  expect(await made).toMatchObject({ error: { code: 'unsupported' } });
  expect(signalUnknownCredential).toHaveBeenCalledWith({ rpId: 'city.test', credentialId: '-vv8' });
});

test('asked, it answers with its secret, as bytes of our own', async () => {
  const { passkeys, get } = pageOf(() => credential({ results: { first: SECRET.buffer } }));
  const answer = await passkeys.ask(['fafbfc'], SALT);
  expect(answer).toEqual({ ok: true, value: { id: 'fafbfc', secret: SECRET } });
  if (answer.ok) answer.value.secret.fill(0);
  expect(SECRET[0]).toBe(5);
  expect(get.mock.calls[0]?.[0]?.publicKey).toMatchObject({
    allowCredentials: [{ type: 'public-key', id: ID }],
    userVerification: 'required',
    extensions: { prf: { eval: { first: SALT } } },
  });
});

test('no secret, or one of another length, is none', async () => {
  for (const prf of [undefined, {}, { results: {} }, { results: { first: new Uint8Array(16) } }])
    expect(await pageOf(() => credential(prf as Prf)).passkeys.ask(['fa'], SALT)).toMatchObject({
      error: { code: 'unsupported' },
    });
});

test.each([
  ['NotAllowedError', 'cancelled'],
  ['AbortError', 'cancelled'],
  ['NotSupportedError', 'unsupported'],
  ['SecurityError', 'unsupported'],
  ['InvalidStateError', 'failed'],
  ['TypeError', 'failed'],
])('%s is %s', async (name, code) => {
  const { passkeys } = pageOf(() => {
    throw new DOMException('no', name);
  });
  expect(await passkeys.ask(['fa'], SALT)).toMatchObject({ error: { code } });
  expect(await passkeys.make({ name: 'x', known: [], salt: SALT })).toMatchObject({ error: { code } });
});

test('a browser without passkeys says so', async () => {
  const none = browserPasskeys({ navigator: {}, location: { hostname: 'x' } });
  expect(none.isSupported()).toBe(false);
  expect(await none.ask(['fa'], SALT)).toMatchObject({ error: { code: 'failed' } });
  expect(pageOf(() => null).passkeys.isSupported()).toBe(true);
});
