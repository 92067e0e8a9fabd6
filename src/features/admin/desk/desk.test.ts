import { generateSecretKey, getPublicKey, finalizeEvent } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import type { Signer } from '#client/keys/signer.ts';
import { ADMIN_RULES_PATH } from '#protocol/admin/admin.ts';
import { checkHttpAuth, parseHttpAuth } from '#protocol/http-auth.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { OperatorDesk } from './desk.svelte.ts';
import { CityLine } from './line.ts';
import type { LineFailure } from './line.ts';

const secret = generateSecretKey();
const pubkey = getPublicKey(secret);
const signer: Signer = {
  kind: 'device',
  pubkey,
  sign: ({ kind, content, tags, created_at }) => {
    const { id, sig } = finalizeEvent(
      { kind, content, created_at, tags: tags.map((tag) => [...tag]) },
      secret,
    );
    return Promise.resolve(ok({ kind, content, tags, created_at, pubkey, id, sig }));
  },
};
const clock = { now: () => 1_800_000_000 };
const origin = 'https://city.example';

test('a request is signed for what it asks, and refusals come back as they are', async () => {
  const asked: RequestInit[] = [];
  const answers = [
    Response.json({ a: 1 }),
    Response.json({ code: 'conflict', message: 'no' }, { status: 409 }),
  ];
  const line = new CityLine({
    ...{ origin, clock, signer: () => signer },
    fetch: (_, init) => {
      asked.push(init ?? {});
      return Promise.resolve(answers.shift() ?? Response.error());
    },
  });
  expect(await line.tell(ADMIN_RULES_PATH, { action: 'unban', pubkey })).toEqual(ok({ a: 1 }));
  expect(await line.ask(ADMIN_RULES_PATH)).toEqual(fail('conflict', 'no'));
  const [post] = asked;
  const header = new Headers(post?.headers).get('authorization') ?? undefined;
  const event = parseHttpAuth(header);
  if (!event.ok) throw new Error(event.error.message);
  const request = {
    urls: [origin + ADMIN_RULES_PATH],
    method: 'POST',
    body: String(post?.body),
    now: clock.now(),
  };
  expect(checkHttpAuth(event.value, request, { verify: () => true })).toEqual(ok(pubkey));
});

test('nobody to sign, a city that does not answer, an answer that is none', async () => {
  const broken = (fetch: () => Promise<Response>, by: Signer | undefined = signer) =>
    new CityLine({ origin, clock, signer: () => by, fetch }).ask('/x');
  const away = () => Promise.reject(new TypeError('net'));
  expect(await broken(away, undefined)).toMatchObject({ error: { code: 'offline' } });
  const unsigned = new CityLine({ origin, clock, signer: () => undefined, fetch: away });
  expect(await unsigned.ask('/x')).toMatchObject({ error: { code: 'unsigned' } });
  const html = () => Promise.resolve(new Response('<html>', { status: 502 }));
  expect(await broken(html)).toMatchObject({ error: { code: 'error' } });
});

/** A city that answers from a list and writes down what it was asked. */
const fakeLine = (answer: (path: string) => Result<unknown, LineFailure>) => {
  const asked: string[] = [];
  const take = (how: string, path: string) => {
    asked.push(`${how} ${path}`);
    return Promise.resolve(answer(path));
  };
  return {
    asked,
    ask: (path: string) => take('ask', path),
    tell: (path: string, action: object) => take(`tell ${JSON.stringify(action)}`, path),
  };
};

test('what is decided is asked for anew; what is refused leaves everything as it was', async () => {
  const rules = { banned: [{ name: pubkey, reason: '', by: pubkey, at: 1 }] };
  const line = fakeLine(() => ok(rules));
  const desk = new OperatorDesk(line);
  expect(await desk.change({ action: 'allow-list', on: true })).toBe(true);
  expect(line.asked).toEqual([
    `tell {"action":"allow-list","on":true} ${ADMIN_RULES_PATH}`,
    `ask ${ADMIN_RULES_PATH}`,
  ]);
  expect(desk.rules?.banned).toHaveLength(1);
  expect(desk.busy.size).toBe(0);

  const refusing = new OperatorDesk(fakeLine(() => fail('conflict', 'no')));
  expect(await refusing.settle({ action: 'dismiss', target: pubkey })).toBe(false);
  expect(refusing.trouble).toMatchObject({ code: 'conflict' });
  expect(refusing.reports).toBeUndefined();
});

test('the last span that was chosen wins, whatever answers last', async () => {
  const waiting: ((answer: Result<unknown, LineFailure>) => void)[] = [];
  const desk = new OperatorDesk({
    ask: () => new Promise((settle) => waiting.push(settle)),
    tell: () => Promise.resolve(ok({})),
  });
  const [first, second] = [desk.choose(90), desk.choose(30)];
  waiting[1]?.(ok({ days: [{ day: '2026-11-22', kind: 1, count: 1, authors: 1 }] }));
  waiting[0]?.(ok({ days: [] }));
  await Promise.all([first, second]);
  expect(desk.days).toHaveLength(1);
});
