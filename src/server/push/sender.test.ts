import { createECDH, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { PostAnswer, PostFailure } from './guarded-post.ts';
import { canEncryptTo, makeSender } from './sender.ts';

const keyPair = () => {
  const curve = createECDH('prime256v1');
  curve.generateKeys();
  return {
    publicKey: curve.getPublicKey('base64url'),
    privateKey: curve.getPrivateKey().toString('hex').padStart(64, '0'),
  };
};
const city = keyPair();
const keys = {
  publicKey: city.publicKey,
  privateKey: Buffer.from(city.privateKey, 'hex').toString('base64url'),
};
const tag = 'cd'.repeat(16);
const address = {
  endpoint: 'https://push.example/send',
  keys: { p256dh: keyPair().publicKey, auth: randomBytes(16).toString('base64url') },
};

type Sent = { readonly headers: Readonly<Record<string, string | number>>; readonly body: Uint8Array };

/** A sender whose posts end as said, and what it posted. */
const setUp = (answer: Result<PostAnswer, PostFailure>, publicUrl = 'https://city.example') => {
  const sent: Sent[] = [];
  const post = {
    post: (_endpoint: string, headers: Sent['headers'], body: Uint8Array) => {
      sent.push({ headers, body });
      return Promise.resolve(answer);
    },
  };
  const ports = { keys, post, publicUrl: () => new URL(publicUrl) };
  return { send: makeSender(ports), sent, ports };
};
const status = (code: number, retryAfter?: string) =>
  ok({ status: code, ...(retryAfter === undefined ? {} : { retryAfter }) });

test.each([
  [200, 'sent'],
  [201, 'sent'],
  [202, 'sent'],
  [404, 'gone'],
  [410, 'gone'],
  [408, 'later'],
  [429, 'later'],
  [500, 'later'],
  [503, 'later'],
  [301, 'refused'],
  [307, 'refused'],
  [400, 'refused'],
  [401, 'refused'],
  [403, 'refused'],
  [413, 'refused'],
  [0, 'refused'],
])('a push service that answers %i: %s', async (code, kind) => {
  const { send } = setUp(status(code));
  expect(await send({ address, tag }, { test: false })).toEqual({ kind });
});

test.each([
  ['7', 7000],
  ['0', 0],
  ['999999999', 86_400_000],
  ['soon', undefined],
  ['-5', undefined],
])('Retry-After %j is heard', async (header, waitMs) => {
  const { send } = setUp(status(429, header));
  const expected = waitMs === undefined ? { kind: 'later' } : { kind: 'later', waitMs };
  const outcome = await send({ address, tag }, { test: false });
  if (header === '-5') expect(outcome.kind).toBe('later');
  else expect(outcome).toEqual(expected);
});

test('Retry-After may be a date', async () => {
  const { send } = setUp(status(503, new Date(Date.now() + 60_000).toUTCString()));
  const outcome = await send({ address, tag }, { test: false });
  expect(outcome.kind === 'later' && outcome.waitMs).toBeGreaterThan(55_000);
  expect(outcome.kind === 'later' && outcome.waitMs).toBeLessThanOrEqual(60_000);
});

test('nobody to be reached is later, nowhere to go is refused, keys of no use are refused unsent', async () => {
  const away = setUp(fail('unreachable', ''));
  expect(await away.send({ address, tag }, { test: false })).toEqual({ kind: 'later' });
  const inside = setUp(fail('forbidden', ''));
  expect(await inside.send({ address, tag }, { test: false })).toEqual({ kind: 'refused' });
  const { send, sent, ports } = setUp(status(201));
  const nowhere = {
    ...address,
    keys: { ...address.keys, p256dh: Buffer.alloc(65, 4).toString('base64url') },
  };
  expect(await send({ address: nowhere, tag }, { test: false })).toEqual({ kind: 'refused' });
  expect([canEncryptTo(ports, nowhere), canEncryptTo(ports, address), sent]).toEqual([false, true, []]);
});

test('a wake takes the place of an older one for a day; a test takes nobody’s, for minutes', async () => {
  const { send, sent } = setUp(status(201));
  await send({ address, tag }, { test: false });
  await send({ address, tag }, { test: true });
  const [wake, trial] = sent.map(({ headers }) => headers);
  expect(wake).toMatchObject({ TTL: 86_400, Topic: tag, Urgency: 'high', 'Content-Encoding': 'aes128gcm' });
  expect([trial?.['TTL'], trial?.['Topic'], trial?.['Urgency']]).toEqual([300, undefined, 'high']);
});

test.each([
  ['https://city.example', 'https://city.example/'],
  ['http://localhost:3000', 'mailto:nobody@city.invalid'],
  ['https://localhost', 'mailto:nobody@city.invalid'],
])('a city at %s is to be turned to at %s', async (url, subject) => {
  const { send, sent } = setUp(status(201), url);
  await send({ address, tag }, { test: false });
  const token = /t=[^.]+\.([^.]+)\./.exec(String(sent[0]?.headers['Authorization']))?.[1] ?? '';
  expect(JSON.parse(Buffer.from(token, 'base64url').toString())).toMatchObject({
    aud: 'https://push.example',
    sub: subject,
  });
});
