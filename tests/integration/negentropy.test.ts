/** Reconciling with the city (NIP-77): by our own words, by nostr-tools', and by those who should learn nothing. */
import { nip77 } from 'nostr-tools';
import { Relay, useWebSocketImplementation } from 'nostr-tools/relay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import { ItemSet } from '#protocol/negentropy/item-set.ts';
import { continueReconciliation, openReconciliation } from '#protocol/negentropy/reconcile.ts';
import type { RelayMessage } from '#protocol/relay/messages.ts';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestCity } from '../support/server.ts';

let city: City;
let client: Client;
beforeAll(async () => {
  city = await startTestCity();
  client = await Client.connect(city.relayUrl);
});
afterAll(async () => {
  client.close();
  await city.close();
});

const now = () => Math.floor(Date.now() / 1000);
const itemsOf = (events: readonly NostrEvent[]) =>
  new ItemSet(events.map(({ created_at: at, id }) => ({ at, id })));
const isAbout =
  (id: string) =>
  ([type, about]: RelayMessage): boolean =>
    type.startsWith('NEG-') && about === id;

let count = 0;
/** Reconciles what is held with the city; a refusal throws the relay's words. */
const reconcile = async (asker: Client, filter: Filter, held: readonly NostrEvent[] = []) => {
  const id = `n${++count}`;
  const items = itemsOf(held);
  const found = { have: [] as string[], need: [] as string[], rounds: 0 };
  let frame = ['NEG-OPEN', id, filter, bytesToHex(openReconciliation(items))];
  for (;;) {
    const answer = asker.later(isAbout(id));
    asker.raw(JSON.stringify(frame));
    const [type, , words] = await answer;
    if (type === 'NEG-ERR') throw new Error(String(words));
    const bytes = parseHex(String(words));
    const step = bytes.ok && continueReconciliation(items, bytes.value, 60_000);
    if (!step || !step.ok) throw new Error('an answer that cannot be read');
    found.rounds += 1;
    found.have.push(...step.value.have);
    found.need.push(...step.value.need);
    if (!step.value.next) break;
    frame = ['NEG-MSG', id, bytesToHex(step.value.next)];
  }
  asker.raw(JSON.stringify(['NEG-CLOSE', id]));
  return found;
};
const visitor = async (person: Person): Promise<Client> => {
  const own = await Client.connect(city.relayUrl);
  await own.prove(person);
  return own;
};
const write = async (person: Person, count_: number, tags: string[][] = [], at = now()) => {
  const events = Array.from({ length: count_ }, (_, n) =>
    person.sign({ kind: kinds.NOTE, tags, content: `line ${n}`, created_at: at - n }),
  );
  for (const event of events) expect(await client.publish(event)).toEqual([true, '']);
  return events;
};
const ids = (events: readonly NostrEvent[]) => events.map(({ id }) => id).sort();

test('the city says that it reconciles', async () => {
  const response = await fetch(city.relayUrl.replace('ws', 'http'), {
    headers: { accept: 'application/nostr+json' },
  });
  expect(((await response.json()) as { supported_nips: number[] }).supported_nips).toContain(77);
});

test('what each side lacks is named, within the filter; afterwards nothing is', async () => {
  const anna = makePerson();
  const events = await write(anna, 150);
  const strange = anna.sign({ kind: kinds.NOTE, tags: [], content: 'never sent', created_at: now() });
  const filter = { authors: [anna.pubkey], kinds: [kinds.NOTE] };
  const held = [...events.filter((_, n) => n % 7 !== 0), strange];
  const found = await reconcile(client, filter, held);
  expect(found.need.sort()).toEqual(ids(events.filter((_, n) => n % 7 === 0)));
  expect(found.have).toEqual([strange.id]);
  expect(await reconcile(client, filter, events)).toEqual({ have: [], need: [], rounds: 1 });
  const since = events[9]?.created_at ?? 0;
  expect((await reconcile(client, { ...filter, since })).need.sort()).toEqual(ids(events.slice(0, 10)));
  expect((await reconcile(client, { ...filter, limit: 4 })).need.sort()).toEqual(ids(events.slice(0, 4)));
  expect((await reconcile(client, { ...filter, ids: [] })).need).toEqual([]);
});

test('a deletion is among what is named, what it took away is not', async () => {
  const anna = makePerson();
  const events = await write(anna, 3);
  const deletion = anna.sign({ kind: kinds.DELETION, tags: [['e', events[1]?.id ?? '']], content: '' });
  await client.publish(deletion);
  const found = await reconcile(client, { authors: [anna.pubkey] }, events);
  expect(found).toMatchObject({ need: [deletion.id], have: [events[1]?.id] });
});

describe('a private place', () => {
  const secret = async (modes: Parameters<typeof makePlace>[1]) => {
    const [anna, ben] = [makePerson(), makePerson()];
    const id = `secret${++count}`;
    const inside = await visitor(anna);
    expect(await inside.publish(anna.sign(makePlace(id, modes)))).toEqual([true, '']);
    expect(await inside.publish(anna.sign(groups.makePutUser(id, ben.pubkey)))).toEqual([true, '']);
    const line = anna.sign(makeLine(id, 'between us'));
    expect(await inside.publish(line)).toEqual([true, '']);
    return { id, anna, ben, line, inside };
  };
  /** Every way of asking that could name the line. */
  const questions = ({ id, line, anna }: Awaited<ReturnType<typeof secret>>): Filter[] => [
    { kinds: [kinds.NOTE] },
    { ids: [line.id] },
    { authors: [anna.pubkey] },
    { since: now() - 60 },
    { '#h': [id], kinds: [kinds.NOTE] },
  ];

  test.each([
    ['private', { private: true, closed: true }, ['auth-required', 'restricted']],
    ['hidden', { private: true, closed: true, hidden: true }, [undefined, undefined]],
  ])('%s: strangers learn no id, members do', async (_, modes, refusals) => {
    const place = await secret(modes);
    const stranger = await visitor(makePerson());
    for (const [asker, refusal] of [
      [client, refusals[0]],
      [stranger, refusals[1]],
    ] as const)
      for (const filter of questions(place)) {
        const asked = reconcile(asker, filter);
        if (filter['#h'] && refusal) await expect(asked).rejects.toThrow(refusal);
        else expect((await asked).need).not.toContain(place.line.id);
        // A guess at the id is not answered either.
        if (!filter['#h'] || !refusal)
          expect((await reconcile(asker, filter, [place.line])).have).toContain(place.line.id);
      }
    const member = await visitor(place.ben);
    for (const filter of questions(place))
      expect((await reconcile(member, filter)).need).toContain(place.line.id);
    member.close();
    stranger.close();
  });

  test('who is put out is told, and the talk ends', async () => {
    const { id, anna, ben, inside } = await secret({ private: true, closed: true });
    const member = await visitor(ben);
    const opened = member.later(isAbout('open'));
    const first = bytesToHex(openReconciliation(new ItemSet([])));
    member.raw(JSON.stringify(['NEG-OPEN', 'open', { '#h': [id] }, first]));
    expect((await opened)[0]).toBe('NEG-MSG');
    const told = member.later(isAbout('open'));
    await inside.publish(anna.sign(groups.makeRemoveUser(id, ben.pubkey)));
    expect(await told).toEqual(['NEG-ERR', 'open', 'restricted: only members read this place']);
    const after = member.later(isAbout('open'));
    member.raw(JSON.stringify(['NEG-MSG', 'open', first]));
    expect((await after)[2]).toMatch(/^closed:/);
    member.close();
  });
});

test('nonsense is answered by NEG-ERR under its name, and the connection lives', async () => {
  for (const [frame, words] of [
    [['NEG-OPEN', 'x', {}, 'zz'], /^invalid: .*hex/],
    [['NEG-OPEN', 'x', { kinds: 'all' }, '61'], /^invalid/],
    [['NEG-OPEN', 'x', { search: 'ferry' }, '61'], /^unsupported/],
    [['NEG-OPEN', 'x', { kinds: [1] }, '61ffffffffffffffffffff'], /^invalid: a number/],
    [['NEG-MSG', 'x', '61'], /^closed/],
  ] as const) {
    const answer = client.later(isAbout('x'));
    client.raw(JSON.stringify(frame));
    expect((await answer)[2]).toMatch(words);
  }
  client.raw('["NEG-CLOSE","nobody"]');
  await client.settled();
});

test('nostr-tools reconciles with the city', async () => {
  useWebSocketImplementation(WebSocket);
  const anna = makePerson();
  const events = await write(anna, 90);
  const held = events.filter((_, n) => n % 9 !== 0);
  const storage = new nip77.NegentropyStorageVector();
  for (const { created_at, id } of held) storage.insert(created_at, id);
  storage.seal();
  const relay = await Relay.connect(city.relayUrl);
  const [need, have] = [new Set<string>(), new Set<string>()];
  const ended = new Promise<string | undefined>((resolve) => {
    const filter = { kinds: [kinds.NOTE], authors: [anna.pubkey] };
    void new nip77.NegentropySync(relay, storage, filter, {
      onneed: (id) => need.add(id),
      onhave: (id) => have.add(id),
      onclose: resolve,
    }).start();
  });
  expect(await ended).toBeUndefined();
  expect([...need].sort()).toEqual(ids(events.filter((_, n) => n % 9 === 0)));
  expect(have.size).toBe(0);
  relay.close();
});
