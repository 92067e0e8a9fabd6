/** NIP-62: somebody asks to vanish, and does; what others rely on stays. */
import { rmSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Draft, NostrEvent, Tag } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { ALL_RELAYS, makeVanish } from '#protocol/relay/vanish.ts';
import type { City } from '#server/city.ts';
import { openDatabase } from '#server/db/database.ts';
import { migrateUp } from '#server/db/migrate.ts';
import { replayPlaces } from '#server/ledger/rebuild.ts';
import { ensureTemplate } from '../../src/launch/template.mjs';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { layEvents } from '../support/databases.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

// Databases are started and stopped: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const now = () => Math.floor(Date.now() / 1000);
const note = (content: string, created_at = now()): Draft => ({
  kind: kinds.NOTE,
  tags: [],
  content,
  created_at,
});
const letterTo = (who: Person, created_at = now()): Draft => ({
  kind: kinds.GIFT_WRAP,
  tags: [['p', who.pubkey]],
  content: '?',
  created_at,
});

/** Until nothing of a key is there but its request. */
const gone = async (client: Client, who: Person): Promise<void> =>
  vi.waitFor(
    async () => {
      const left = await client.find({ authors: [who.pubkey] });
      expect(left.map(({ kind }) => kind)).toEqual([kinds.VANISH]);
    },
    { timeout: 10_000, interval: 50 },
  );

let city: City;
let client: Client;
const dataDir = makeFolder();
beforeAll(async () => {
  city = await startTestCity({ dataDir });
  client = await Client.connect(city.relayUrl);
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const must = async (event: NostrEvent): Promise<NostrEvent> => {
  expect(await client.publish(event)).toEqual([true, '']);
  return event;
};
const visitor = async (person: Person): Promise<Client> => {
  const own = await Client.connect(city.relayUrl);
  await own.prove(person);
  return own;
};

describe('a request', () => {
  test('is for us, or for all relays, or it is refused', async () => {
    const anna = makePerson();
    await must(anna.sign(note('still here')));
    for (const relays of [[], ['wss://other.example'], ['all_relays'], [`${city.relayUrl}.evil.example`]])
      expect((await client.publish(anna.sign(makeVanish(relays))))[1]).toMatch(
        /^invalid: a request to vanish/,
      );
    expect(await client.count({ authors: [anna.pubkey] })).toBe(1);
  });

  test('counts for its author alone: not signed by them, or naming others, it does nothing to them', async () => {
    const [anna, eve] = [makePerson(), makePerson()];
    const line = await must(anna.sign(note('mine')));
    const forged = { ...eve.sign(makeVanish([city.relayUrl])), pubkey: anna.pubkey };
    expect((await client.publish(forged))[1]).toMatch(/^invalid/);
    const naming = makeVanish([ALL_RELAYS]);
    await must(eve.sign({ ...naming, tags: [...naming.tags, ['p', anna.pubkey], ['e', line.id]] }));
    await gone(client, eve);
    expect(await client.find({ ids: [line.id] })).toEqual([line]);
  });

  test('cannot be taken back, nor kept from coming', async () => {
    const anna = makePerson();
    const request = anna.sign(makeVanish([city.relayUrl]));
    const deletion = (created_at: number) =>
      anna.sign({ kind: kinds.DELETION, tags: [['e', request.id]], content: '', created_at });
    await must(deletion(now() - 1));
    await must(request);
    await gone(client, anna);
    expect((await client.publish(deletion(now() + 60)))[1]).toMatch(/^restricted: events of kind 62/);
    expect(await client.find({ kinds: [kinds.VANISH], authors: [anna.pubkey] })).toEqual([request]);
    expect((await client.publish(request))[0]).toBe(true);
    const earlier = anna.sign({ ...makeVanish([city.relayUrl]), created_at: now() - 100 });
    expect((await client.publish(earlier))[1]).toMatch(/^duplicate: this key has vanished already/);
  });

  test('is followed from inside a place that its author may not write to', async () => {
    const [anna, eve] = [makePerson(), makePerson()];
    await must(anna.sign(makePlace('shut', { private: true, closed: true })));
    await must(eve.sign(note('before')));
    const request = makeVanish([city.relayUrl]);
    await must(eve.sign({ ...request, tags: [...request.tags, ['h', 'shut']] }));
    await vi.waitFor(async () => expect(await client.count({ authors: [eve.pubkey], kinds: [1] })).toBe(0));
  });
});

test('everything goes: lines, profile, lists, deletions, letters; nothing of it comes back; later things may', async () => {
  const [anna, ben] = [makePerson(), makePerson()];
  const [bens, annas] = [await visitor(ben), await visitor(anna)];
  const events = [
    anna.sign(note('one', now() - 60)),
    anna.sign(note('two', now() - 50)),
    anna.sign({ kind: kinds.PROFILE, tags: [], content: '{"name":"Anna"}' }),
    anna.sign({ kind: kinds.RELAY_LIST, tags: [['r', city.relayUrl]], content: '' }),
    anna.sign({ kind: kinds.APP_DATA, tags: [['d', 'devices']], content: 'x' }),
    anna.sign({ kind: kinds.DELETION, tags: [['e', 'f'.repeat(64)]], content: 'never mind' }),
    ben.sign(letterTo(anna, now() - 40)),
    anna.sign(letterTo(ben, now() - 30)),
  ];
  for (const event of events) await must(event);
  const toBen = await must(makePerson().sign(letterTo(ben)));
  const aboutAnna = await must(
    ben.sign({ kind: kinds.NOTE, tags: [['p', anna.pubkey]], content: 'hi Anna' }),
  );
  const many = Array.from({ length: 510 }, (_, i) => anna.sign(note(`line ${i}`, now() - 1000 - i)));
  await Promise.all(many.map((event) => client.publish(event)));
  await must(anna.sign(makeVanish([city.relayUrl])));
  await gone(client, anna);
  await vi.waitFor(async () =>
    expect(await annas.find({ kinds: [kinds.GIFT_WRAP], '#p': [anna.pubkey] })).toEqual([]),
  );
  expect(await bens.find({ kinds: [kinds.GIFT_WRAP], '#p': [ben.pubkey] })).toEqual([toBen]);
  expect(await client.find({ ids: [aboutAnna.id] })).toEqual([aboutAnna]);
  for (const event of [...events, ...many.slice(0, 5)])
    expect((await client.publish(event))[1]).toMatch(/^blocked: this key has vanished/);
  const elsewhere = anna.sign(note('said before, never sent here', now() - 2000));
  expect((await client.publish(elsewhere))[1]).toMatch(/^blocked:/);
  await must(anna.sign(note('back again', now() + 5)));
  await must(ben.sign(letterTo(anna, now() + 5)));
  for (const each of [annas, bens]) each.close();
});

describe('places', () => {
  const edit = (id: string, ...tags: readonly Tag[]): Draft => ({
    kind: kinds.EDIT_METADATA,
    tags: [['h', id], ['name', `Place ${id}`], ...tags],
    content: 'because I say so',
  });
  const stateOf = async (id: string) =>
    (await client.find({ kinds: [39000, 39001, 39002, 39003, 39005], '#d': [id] }))
      .sort((a, b) => a.kind - b.kind)
      .map(({ kind, tags }) => ({ kind, tags }));
  const withoutPerson = (state: Awaited<ReturnType<typeof stateOf>>, who: Person) =>
    state.map(({ kind, tags }) => ({ kind, tags: tags.filter((tag) => tag[1] !== who.pubkey) }));

  const [anna, ben, carl, dora] = [makePerson(), makePerson(), makePerson(), makePerson()];

  test('stay as they are, without the person', async () => {
    await must(anna.sign(makePlace('hall', { closed: true, restricted: true })));
    await must(anna.sign({ ...makePlace('yard'), tags: [...makePlace('yard').tags, ['parent', 'hall']] }));
    await must(anna.sign(groups.makePutUser('hall', ben.pubkey, ['admin'])));
    await must(anna.sign(groups.makePutUser('yard', ben.pubkey, ['admin'])));
    await must(anna.sign(groups.makePutUser('hall', carl.pubkey, ['moderator'])));
    await must(anna.sign(groups.makeInvite('hall', 'sesame', { uses: 2 })));
    await must(dora.sign(groups.makeJoinRequest('hall', 'sesame')));
    await must(
      anna.sign(edit('hall', ['about', 'A hall'], ['closed'], ['child', 'yard'], ['client', 'hers'])),
    );
    const line = await must(dora.sign(makeLine('hall', 'hello')));
    await must(
      anna.sign({
        kind: kinds.UPDATE_PINS,
        tags: [
          ['h', 'hall'],
          ['e', line.id],
        ],
        content: '',
      }),
    );
    await must(anna.sign(makePlace('lonely')));
    await must(ben.sign(makePlace('bens')));
    await must(anna.sign(groups.makeJoinRequest('bens')));
    await must(ben.sign(groups.makePutUser('bens', anna.pubkey, ['admin'])));
    await must(anna.sign(groups.makePutUser('bens', dora.pubkey, ['moderator'])));
    const before = await Promise.all(['hall', 'bens'].map(stateOf));
    const live = await client.follow({ kinds: [kinds.GROUP_MEMBERS, kinds.REMOVE_USER], '#h': ['hall'] });

    await must(anna.sign(makeVanish([ALL_RELAYS], 'goodbye')));
    await gone(client, anna);
    const after = await Promise.all(['hall', 'bens'].map(stateOf));
    expect(after).toEqual(before.map((state) => withoutPerson(state, anna)));
    await client.settled();
    expect(live.events.map(({ kind, pubkey }) => [kind, pubkey])).toContainEqual([
      kinds.REMOVE_USER,
      city.pubkey,
    ]);
  });

  test('where nobody else was, they end; where no admin is left, the others stay', async () => {
    expect((await client.find({ '#h': ['lonely'] }, { '#d': ['lonely'] })).map(({ kind }) => kind)).toEqual([
      kinds.DELETE_GROUP,
    ]);
    expect(await client.find({ kinds: [kinds.GROUP_METADATA], '#d': ['lonely'] })).toEqual([]);
    const eve = makePerson();
    await must(eve.sign(makePlace('orphan')));
    await must(dora.sign(groups.makeJoinRequest('orphan')));
    await must(eve.sign(makeVanish([city.relayUrl])));
    await gone(client, eve);
    await must(dora.sign(makeLine('orphan', 'alone now')));
    const admins = await client.find({ kinds: [kinds.GROUP_ADMINS], '#d': ['orphan'] });
    expect(admins[0]?.tags).toEqual([['d', 'orphan']]);
    for (const draft of [groups.makePutUser('orphan', dora.pubkey, ['admin']), edit('orphan')])
      expect((await client.publish(dora.sign(draft)))[1]).toMatch(/^restricted: only an admin/);
    await must(dora.sign(groups.makeLeaveRequest('orphan')));
  });

  test('an invitation of theirs holds, with the uses that are left', async () => {
    const [one, two] = [makePerson(), makePerson()];
    await must(one.sign(groups.makeJoinRequest('hall', 'sesame')));
    expect((await client.publish(two.sign(groups.makeJoinRequest('hall', 'sesame'))))[1]).toMatch(
      /not valid any more/,
    );
    await must(ben.sign(edit('hall', ['closed'], ['child', 'yard'])));
    const bens = await visitor(ben);
    const [invite] = await bens.find({ kinds: [kinds.CREATE_INVITE], '#h': ['hall'] });
    expect(invite?.pubkey).toBe(city.pubkey);
    await must(ben.sign(groups.makeDeleteEvent('hall', invite?.id ?? '')));
    await must(ben.sign(groups.makeInvite('hall', 'sesame')));
    bens.close();
  });

  test('the events alone give the places again, and nowhere in the store is the person', async () => {
    const live = await stateOf('hall');
    client.close();
    await city.close();
    const opened = await openDatabase({ dataDir });
    if (!opened.ok) throw new Error(opened.error.message);
    const { db } = opened.value;
    const states = await replayPlaces(db);
    expect([...(states.get('hall')?.members.keys() ?? [])]).not.toContain(anna.pubkey);
    expect(states.get('hall')).toMatchObject({ createdBy: city.pubkey, deleted: false });
    const traces = async (table: string) =>
      (
        await sql<{
          n: number;
        }>`select count(*)::int as n from ${sql.raw(table)} t where t::text like ${`%${anna.pubkey}%`}`.execute(
          db,
        )
      ).rows[0]?.n;
    expect(await traces('groups')).toBe(0);
    expect(await traces('group_members')).toBe(0);
    const { rows } = await sql<{ kind: number; pubkey: string; content: string }>`
      select kind, pubkey, content from events t where t::text like ${`%${anna.pubkey}%`} order by kind, id`.execute(
      db,
    );
    const byOthers = rows.filter(({ pubkey }) => pubkey !== anna.pubkey).map(({ kind }) => kind);
    expect(rows.filter(({ pubkey }) => pubkey === anna.pubkey).map(({ kind }) => kind)).toEqual([
      kinds.VANISH,
    ]);
    expect(new Set(byOthers)).toEqual(new Set([kinds.PUT_USER, kinds.REMOVE_USER])); // what others decided about her
    const said = await sql<{
      n: number;
    }>`select count(*)::int as n from events where content = 'because I say so'
      and pubkey = ${city.pubkey}`.execute(db);
    expect(said.rows[0]?.n).toBe(0);
    await sql`with gone as (delete from events where kind between 39000 and 39009 returning event_id)
      delete from event_tags t using gone where t.event_id = gone.event_id`.execute(db);
    await opened.value.close();
    city = await startTestCity({ dataDir });
    client = await Client.connect(city.relayUrl);
    expect(await stateOf('hall')).toEqual(live);
    client.close();
    await city.close();
  });
});

test('what a stop has cut short is done after the next start; devices are woken no more', async () => {
  const folder = makeFolder();
  const [anna, ben] = [makePerson(), makePerson()];
  const opened = await openDatabase({ dataDir: folder, template: await ensureTemplate() });
  if (!opened.ok) throw new Error(opened.error.message);
  await migrateUp(opened.value.db);
  const lines = Array.from({ length: 30 }, (_, i) => anna.sign(note(`line ${i}`, now() - i)));
  await layEvents(opened.value.db, [...lines, ben.sign(note('ben'))]);
  // As if the city had stopped right after its answer.
  for (const target of ['vanishing', `vanished:${anna.pubkey}`])
    await sql`insert into tombstones (target, author, deleted_at)
      values (${target}, ${anna.pubkey}, ${now()})`.execute(opened.value.db);
  for (const { pubkey } of [anna, ben])
    await sql`insert into push_subscriptions (endpoint, pubkey, tag, p256dh, auth, wants, created_at, updated_at)
      values (${`https://push.example/${pubkey}`}, ${pubkey}, '', 'p', 'a', '[]', 1, 1)`.execute(
      opened.value.db,
    );
  await opened.value.close();
  const second = await startTestCity({ dataDir: folder });
  const two = await Client.connect(second.relayUrl);
  await vi.waitFor(async () => expect(await two.find({ authors: [anna.pubkey] })).toEqual([]), 20_000);
  expect(await two.count({ authors: [ben.pubkey] })).toBe(1);
  await vi.waitFor(async () => {
    const metrics = await (await fetch(`${second.url}/metrics`)).text();
    expect(metrics).toMatch(/^\w*push_subscriptions 1$/m);
  }, 10_000);
  two.close();
  await second.close();
  rmSync(folder, { recursive: true, force: true });
});
