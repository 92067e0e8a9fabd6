import { generateSecretKey } from 'nostr-tools/pure';
import { createRumor, createSeal, createWrap, unwrapEvent, wrapEvent } from 'nostr-tools/nip59';
import { expect, test } from 'vitest';
import { FakeCity } from '../../../tests/support/fake-city.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { pureVerifier } from '../engine/verifying.ts';
import { DeviceSigner } from '../keys/device-signer.ts';
import type { Signer } from '../keys/signer.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { directProjection } from './projection.ts';
import { Letters } from './letters.ts';
import { talkCity } from './talk-city.ts';
import { WAITING, wraps } from './tables.ts';

const NOW = 1_800_000_000;
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

const someone = () => {
  const secret = generateSecretKey();
  const signer = new DeviceSigner(secret);
  const city = new FakeCity({ projections: [directProjection] });
  let here: Signer | undefined = signer;
  const letters = new Letters({
    city,
    engine: { answerOf: () => new Promise(() => undefined) },
    signer: () => here,
    verifier: () => Promise.resolve(pureVerifier),
    alone: (_name, work) => work(),
    clock: { now: () => NOW },
    random: () => 0.5,
    date: (draft) => ({ ...draft, created_at: NOW }),
  });
  letters.follow(signer.pubkey);
  const sent = () => city.log.flatMap((one) => (one.type === 'EventSigned' ? [one.event] : []));
  const opened = () =>
    city.log.filter((one): one is Extract<LocalEvent, { type: 'WrapOpened' }> => one.type === 'WrapOpened');
  const refused = () => city.log.flatMap((one) => (one.type === 'WrapRefused' ? [one.reason] : []));
  return {
    secret,
    pubkey: signer.pubkey,
    city,
    letters,
    sent,
    opened,
    refused,
    lock: () => (here = undefined),
    unlock: () => (here = signer),
  };
};
const line = { kind: 14, content: 'Meet me at the quay', tags: [['h', '~x']] };
const plain = (event: NostrEvent) => event as Parameters<typeof unwrapEvent>[0];

test('what is said goes sealed to each of the talk and to oneself, and says nothing of who said it', async () => {
  const [anna, ben] = [someone(), someone()];
  const said = await anna.letters.send(line, [ben.pubkey]);
  expect(said.ok && said.value.event).toMatchObject({
    kind: 14,
    content: line.content,
    pubkey: anna.pubkey,
    tags: [['p', ben.pubkey]],
  });
  const out = anna.sent();
  expect(out.map(({ tags }) => tags)).toEqual([[['p', ben.pubkey]], [['p', anna.pubkey]]]);
  for (const wrap of out) {
    expect(wrap.pubkey).not.toBe(anna.pubkey);
    expect(wrap.created_at).toBe(NOW - 86_400);
    expect(JSON.stringify(wrap)).not.toContain(line.content);
    expect(pureVerifier.verify(wrap)).toBe(true);
  }
  expect(new Set(out.map(({ pubkey }) => pubkey)).size).toBe(2);
});

test('another library reads what leaves here, and what it sends is read here', async () => {
  const [anna, ben] = [someone(), someone()];
  await anna.letters.send(line, [ben.pubkey]);
  const [wrap] = anna.sent();
  expect(unwrapEvent(plain(wrap!), ben.secret)).toMatchObject({ content: line.content, pubkey: anna.pubkey });
  await ben.city.deliver(wrap!);
  const theirs = wrapEvent(
    { kind: 14, content: 'From elsewhere', tags: [['p', ben.pubkey]] },
    anna.secret,
    ben.pubkey,
  );
  await ben.city.deliver(theirs);
  await settled();
  expect(ben.opened().map(({ rumor, to }) => [rumor.content, rumor.pubkey, to])).toEqual([
    [line.content, anna.pubkey, ben.pubkey],
    ['From elsewhere', anna.pubkey, ben.pubkey],
  ]);
  expect(await ben.city.part(wraps, { part: WAITING })).toEqual([]);
});

test('a seal in another’s name, a rumor in another’s name, a wrap of a wrap, and noise are put aside', async () => {
  const [anna, ben, eve] = [someone(), someone(), someone()];
  const rumor = createRumor({ kind: 14, content: 'I am Anna', tags: [['p', ben.pubkey]] }, anna.secret);
  const byEve = createWrap(createSeal(rumor, eve.secret, ben.pubkey), ben.pubkey);
  const seal = createSeal(rumor, anna.secret, ben.pubkey);
  const spoiled = createWrap({ ...seal, pubkey: eve.pubkey } as typeof seal, ben.pubkey);
  const nested = createWrap(byEve as unknown as typeof seal, ben.pubkey);
  const noise = { ...byEve, id: 'e'.repeat(64), content: 'noise' };
  await ben.city.deliver(byEve, spoiled, nested, noise);
  await settled();
  expect(ben.opened()).toEqual([]);
  expect(ben.refused()).toHaveLength(4);
  expect(await ben.city.part(wraps, { part: WAITING })).toEqual([]);
});

test('what comes while the account is locked waits for it', async () => {
  const [anna, ben] = [someone(), someone()];
  await anna.letters.send(line, [ben.pubkey]);
  ben.lock();
  await ben.city.deliver(anna.sent()[0]!);
  await settled();
  expect([ben.opened().length, ben.refused().length]).toEqual([0, 0]);
  ben.unlock();
  ben.letters.follow(ben.pubkey);
  await settled();
  expect(ben.opened()).toHaveLength(1);
});

test('trying again and giving up concern every wrap of what was said', async () => {
  const [anna, ben] = [someone(), someone()];
  const city = talkCity(anna.city, anna.letters, [ben.pubkey]);
  const said = await city.publish(line);
  if (!said.ok) throw new Error(said.error.message);
  const ids = anna.sent().map(({ id }) => id);
  await city.retry(said.value.event.id);
  await city.discard(said.value.event.id);
  expect([anna.city.retried, anna.city.discarded]).toEqual([ids, ids]);
});

test('a talk asks no relay for its lines', async () => {
  const anna = someone();
  const city = talkCity(anna.city, anna.letters, ['b'.repeat(64)]);
  const before = anna.city.subscriptions.size;
  city.subscribe({ filters: [{ kinds: [1], '#h': ['~x'] }] });
  expect(await city.fetch({ filters: [{ ids: ['a'.repeat(64)] }] })).toEqual({
    ok: true,
    value: { received: 0 },
  });
  expect([anna.city.subscriptions.size, anna.city.fetches.length]).toEqual([before, 0]);
  await city.fetch({ filters: [{ kinds: [0], authors: ['b'.repeat(64)] }] });
  expect(anna.city.fetches).toHaveLength(1);
});
