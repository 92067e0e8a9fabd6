import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import { createRumor, createSeal, createWrap, unwrapEvent, wrapEvent } from 'nostr-tools/nip59';
import { expect, test } from 'vitest';
import { FakeCity } from '../../../tests/support/fake-city.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { pureVerifier } from '../engine/verifying.ts';
import { DeviceSigner } from '../keys/device-signer.ts';
import type { Signer } from '../keys/signer.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { deskOf } from './desk/desk.ts';
import { directProjection } from './projection.ts';
import { Letters } from './letters.ts';
import { talkCity } from './talk-city.ts';
import { letters, talks, WAITING, wraps } from './tables.ts';

const NOW = 1_800_000_000;
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

const someone = () => {
  const secret = generateSecretKey();
  const signer = new DeviceSigner(secret);
  const city = new FakeCity({ projections: [directProjection] });
  let here: Signer | undefined = signer;
  const heard: { id: string; author: string; at: number }[] = [];
  const confirms = new Set<string>();
  const stays = { after: 0 };
  /** What nobody is to learn, whoever they are. */
  const keeps = new Set<string>();
  const hearers = new Set<(event: NostrEvent) => void>();
  const live: { event: NostrEvent; relays: readonly string[] | undefined }[] = [];
  const letters = new Letters({
    city,
    engine: {
      answerOf: () => new Promise(() => undefined),
      listen: (_request, heard) => {
        hearers.add(heard);
        return () => void hearers.delete(heard);
      },
      say: (event, relays) => Promise.resolve(void live.push({ event, relays })),
    },
    signer: () => here,
    desk: (signer) => deskOf(signer, { verifier: Promise.resolve(pureVerifier), random: () => 0.5 }),
    alone: (_name, work) => work(),
    clock: { now: () => NOW },
    date: (draft) => ({ ...draft, created_at: NOW }),
    stays: () => Promise.resolve(stays.after),
    heard: () => Promise.resolve(heard),
    confirms: (person) => Promise.resolve(confirms.has(person)),
    tells: (_person, what) => !keeps.has(what),
  });
  letters.follow(signer.pubkey);
  const sent = () => city.log.flatMap((one) => (one.type === 'EventSigned' ? [one.event] : []));
  const opened = () =>
    city.log.filter((one): one is Extract<LocalEvent, { type: 'WrapOpened' }> => one.type === 'WrapOpened');
  const refused = () => city.log.flatMap((one) => (one.type === 'WrapRefused' ? [one.reason] : []));
  return {
    heard,
    stays,
    confirms,
    keeps,
    live,
    hear: (event: NostrEvent) => hearers.forEach((one) => one(event)),
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
type Someone = ReturnType<typeof someone>;

const inboxOf = ({ secret }: Someone, relays: readonly string[] = ['wss://city.test']): NostrEvent => {
  const tags = relays.map((relay) => ['relay', relay]);
  return finalizeEvent({ kind: 10050, content: '', tags, created_at: NOW - 60 }, secret);
};

/** People of one city, who know where each of them receives. */
const neighbours = async <const Count extends 2 | 3>(count: Count) => {
  const people = Array.from({ length: count }, someone);
  for (const { city } of people) await city.deliver(...people.map((one) => inboxOf(one)));
  return people as unknown as Count extends 2 ? [Someone, Someone] : [Someone, Someone, Someone];
};
const line = { kind: 14, content: 'Meet me at the quay', tags: [['h', '~x']] };
const plain = (event: NostrEvent) => event as Parameters<typeof unwrapEvent>[0];

test('what is said goes sealed to each of the talk and to oneself, and says nothing of who said it', async () => {
  const [anna, ben] = await neighbours(2);
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
  const [anna, ben] = await neighbours(2);
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
  const [anna, ben, eve] = await neighbours(3);
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
  const [anna, ben] = await neighbours(2);
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
  const [anna, ben] = await neighbours(2);
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

test('a wrap goes where its person receives; nothing unencrypted goes elsewhere than home', async () => {
  const [anna, ben, eve] = [someone(), someone(), someone()];
  await anna.city.deliver(inboxOf(ben, ['wss://in.example', 'ws://10.0.0.1', 'wss://too.example']));
  await anna.city.deliver(inboxOf(eve, ['ws://10.0.0.1']));
  await anna.letters.send(line, [ben.pubkey, eve.pubkey]);
  const out = anna.city.log.flatMap((one) =>
    one.type === 'EventSigned' ? [[one.event.tags[0]?.[1], one.relays]] : [],
  );
  expect(out).toEqual([
    [ben.pubkey, ['wss://in.example', 'wss://too.example']],
    [anna.pubkey, ['wss://city.test']],
  ]);
});

test('what is written to somebody without an inbox is kept, told apart, and leaves when they have one', async () => {
  const [anna, ben] = [someone(), someone()];
  const said = await anna.letters.send(line, [ben.pubkey]);
  const id = said.ok ? said.value.event.id : '';
  const states = async () =>
    (await anna.city.part(letters, { part: id })).map(({ to, state }) => [to, state]);
  expect(await states()).toContainEqual([ben.pubkey, 'held']);
  expect(anna.sent()).toHaveLength(1);
  await settled();
  expect(anna.city.fetches.at(-1)).toEqual({ filters: [{ kinds: [10050], authors: [ben.pubkey] }] });
  await anna.city.deliver(inboxOf(ben));
  await settled();
  expect(anna.sent().map(({ tags }) => tags[0]?.[1])).toEqual([anna.pubkey, ben.pubkey]);
  expect(await states()).toContainEqual([ben.pubkey, 'pending']);
  await settled();
  expect(anna.sent()).toHaveLength(2);
});

test('an older word on where somebody receives changes nothing', async () => {
  const [anna, ben] = [someone(), someone()];
  const older = finalizeEvent(
    { kind: 10050, content: '', tags: [['relay', 'wss://old.example']], created_at: NOW - 90 },
    ben.secret,
  );
  await anna.city.deliver(inboxOf(ben, ['wss://new.example']), older);
  expect(await anna.letters.inboxes.of(ben.pubkey)).toEqual(['wss://new.example']);
});

const receiptsIn = async (from: Someone, to: Someone): Promise<[string, string | undefined][]> => {
  const came = from.sent().filter(({ tags }) => tags[0]?.[1] === to.pubkey);
  return came
    .map((wrap) => unwrapEvent(plain(wrap), to.secret))
    .filter(({ kind }) => kind === 20014)
    .map(({ tags }) => [
      tags.find(([name]) => name === 'e')?.[1] ?? '',
      tags.find(([name]) => name === 'status')?.[1],
    ]);
};

test('who may know learns once that their newest words came, and that they were read', async () => {
  const [anna, ben, eve] = await neighbours(3);
  ben.confirms.add(anna.pubkey);
  await anna.letters.send({ ...line, content: 'First' }, [ben.pubkey]);
  await anna.letters.send({ ...line, content: 'Second' }, [ben.pubkey]);
  await eve.letters.send(line, [ben.pubkey]);
  const [first, second] = anna.sent().filter(({ tags }) => tags[0]?.[1] === ben.pubkey);
  ben.lock();
  await ben.city.deliver(first!, second!, eve.sent()[0]!);
  ben.unlock();
  ben.letters.follow(ben.pubkey);
  await settled();
  const newest = anna.city.log.findLast((one) => one.type === 'RumorSent')?.rumor;
  expect(await receiptsIn(ben, eve)).toEqual([]);
  const [[confirmed, status] = [], ...more] = await receiptsIn(ben, anna);
  expect([status, more]).toEqual(['delivered', []]);
  expect([
    newest?.id,
    ...anna.city.log.flatMap((one) => (one.type === 'RumorSent' ? [one.rumor.id] : [])),
  ]).toContain(confirmed);

  ben.heard.push(
    { id: newest!.id, author: anna.pubkey, at: NOW },
    { id: 'e'.repeat(64), author: eve.pubkey, at: NOW },
  );
  const talk = talkCity(ben.city, ben.letters, [anna.pubkey]);
  const read = { type: 'ConversationRead', v: 1, conversation: `~${anna.pubkey}`, upTo: NOW } as const;
  await talk.record(read);
  await talk.record({ ...read, upTo: NOW + 1 });
  expect((await receiptsIn(ben, anna)).slice(1)).toEqual([[newest!.id, 'read']]);
  expect(await receiptsIn(ben, eve)).toEqual([]);
  // Nothing of it is history: only the wraps wait to be sent, and they end by themselves.
  expect(ben.city.log.some((one) => one.type === 'RumorSent')).toBe(false);
  expect(ben.sent().every(({ tags }) => tags.some(([name]) => name === 'expiration'))).toBe(true);
});

test('the first words of a stranger are a request; an answer, or words to them, open the talk', async () => {
  const [anna, ben, eve] = await neighbours(3);
  await anna.letters.send(line, [ben.pubkey]);
  await eve.letters.send(line, [ben.pubkey]);
  await ben.city.deliver(anna.sent()[0]!, eve.sent()[0]!);
  await settled();
  const standings = async () =>
    Object.fromEntries((await ben.city.all(talks)).map(({ id, standing }) => [id, standing]));
  const [withAnna, withEve] = [`~${anna.pubkey}`, `~${eve.pubkey}`];
  expect(await standings()).toEqual({ [withAnna]: 'request', [withEve]: 'request' });
  await ben.letters.send(line, [anna.pubkey]);
  await ben.city.record({ type: 'RequestAnswered', v: 1, talk: withEve, answer: 'ignored' });
  expect(await standings()).toEqual({ [withAnna]: 'open', [withEve]: 'ignored' });
  await eve.letters.send(line, [ben.pubkey]);
  await ben.city.deliver(eve.sent().filter(({ tags }) => tags[0]?.[1] === ben.pubkey)[1]!);
  await settled();
  expect(await standings()).toMatchObject({ [withEve]: 'ignored' });
  // Somebody known may begin another talk at once.
  await anna.letters.send(line, [ben.pubkey, eve.pubkey]);
  await ben.city.deliver(anna.sent().filter(({ tags }) => tags[0]?.[1] === ben.pubkey)[1]!);
  await settled();
  expect(Object.values(await standings()).sort()).toEqual(['ignored', 'open', 'open']);
});

test('that somebody writes reaches who may know and is here now, sealed, and is kept nowhere', async () => {
  const [anna, ben, eve] = await neighbours(3);
  anna.confirms.add(ben.pubkey);
  const withAnna = talkCity(ben.city, ben.letters, [anna.pubkey]);
  const typing = { kind: 20015, content: '', tags: [['h', '~x']] };
  const heard: NostrEvent[] = [];
  const stop = withAnna.listen({ filters: [{ kinds: [20015], '#h': [`~${anna.pubkey}`] }] }, (event) =>
    heard.push(event),
  );
  await anna.letters.say(typing, [ben.pubkey, eve.pubkey]);
  await talkCity(anna.city, anna.letters, [ben.pubkey]).say(typing);
  expect(anna.live.map(({ event, relays }) => [event.kind, event.tags, relays])).toEqual([
    [21059, [['p', ben.pubkey]], ['wss://city.test']],
    [21059, [['p', ben.pubkey]], ['wss://city.test']],
  ]);
  expect(JSON.stringify(anna.live)).not.toContain(anna.pubkey);
  // The first one is of a circle with Eve, which is another talk.
  for (const { event } of anna.live) ben.hear(event);
  await settled();
  expect(heard.map(({ kind, pubkey, tags }) => [kind, pubkey, tags[0]])).toEqual([
    [20015, anna.pubkey, ['h', `~${anna.pubkey}`]],
  ]);
  stop();
  expect([...anna.city.log, ...ben.city.log].some((one) => JSON.stringify(one).includes('20015'))).toBe(
    false,
  );
});

test('a line in a passing wrap is no line, and writing in a kept one is nothing', async () => {
  const [anna, ben] = await neighbours(2);
  anna.confirms.add(ben.pubkey);
  const heard: NostrEvent[] = [];
  ben.letters.listen({ filters: [{}] }, (event) => heard.push(event));
  await anna.letters.say(line, [ben.pubkey]);
  ben.hear(anna.live[0]!.event);
  const kept = wrapEvent({ kind: 20015, content: '', tags: [['p', ben.pubkey]] }, anna.secret, ben.pubkey);
  await ben.city.deliver(kept);
  await settled();
  expect([heard, ben.opened(), ben.refused().length]).toEqual([[], [], 1]);
});

test('where lines disappear, each says when, its wraps no earlier, and whoever is late never reads it', async () => {
  const [anna, ben] = await neighbours(2);
  anna.stays.after = 3600;
  const said = await anna.letters.send(line, [ben.pubkey]);
  expect(said.ok && said.value.event.tags).toContainEqual(['expiration', String(NOW + 3600)]);
  for (const wrap of anna.sent()) {
    const [end] = wrap.tags.flatMap(([name, value]) => (name === 'expiration' ? [Number(value)] : []));
    expect(end).toBeGreaterThanOrEqual(NOW + 3600);
    expect(end).toBeLessThanOrEqual(NOW + 3600 + 2 * 86_400);
  }
  // A reaction has nothing to say that could be read.
  const marked = await anna.letters.send({ kind: 7, content: '+', tags: [] }, [ben.pubkey]);
  expect(marked.ok && marked.value.event.tags.some(([name]) => name === 'expiration')).toBe(false);
  const late = wrapEvent(
    {
      kind: 14,
      content: 'Too late',
      tags: [
        ['p', ben.pubkey],
        ['expiration', String(NOW - 1)],
      ],
    },
    anna.secret,
    ben.pubkey,
  );
  await ben.city.deliver(late);
  await settled();
  expect(ben.opened()).toEqual([]);
  expect(ben.refused()).toEqual(['ended before it was opened']);
  expect(await ben.city.part(wraps, { part: WAITING })).toEqual([]);
});

test('who does not say that they have read or are writing says that it has come, and no more', async () => {
  const [anna, ben] = await neighbours(2);
  ben.confirms.add(anna.pubkey);
  ben.keeps.add('read').add('writing');
  await anna.letters.send(line, [ben.pubkey]);
  await ben.city.deliver(anna.sent()[0]!);
  await settled();
  const said = anna.city.log.findLast((one) => one.type === 'RumorSent')?.rumor;
  ben.heard.push({ id: said!.id, author: anna.pubkey, at: NOW });
  await ben.letters.read(`~${anna.pubkey}`, NOW);
  await ben.letters.say({ kind: 20015, content: '', tags: [] }, [anna.pubkey]);
  expect((await receiptsIn(ben, anna)).map(([, status]) => status)).toEqual(['delivered']);
  expect(ben.live).toEqual([]);
  ben.keeps.clear();
  await ben.letters.read(`~${anna.pubkey}`, NOW);
  expect((await receiptsIn(ben, anna)).map(([, status]) => status)).toEqual(['delivered', 'read']);
});
