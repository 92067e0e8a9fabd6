/** A city with something in every corner, and what must be the same wherever it goes. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { expect } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import type { Tables } from '#server/db/tables.ts';
import { listTables } from '#server/operations/contents.ts';
import { Client, makePerson } from './client.ts';
import type { Person } from './client.ts';
import { makeLine, makePlace } from './places.ts';

export interface FullCity {
  readonly admin: Person;
  readonly member: Person;
  readonly pubkey: string;
  /** What everybody may read, in the order of the relay's answer. */
  readonly visible: readonly NostrEvent[];
}

const VISIBLE = { kinds: [kinds.NOTE, kinds.GROUP_METADATA, kinds.GROUP_MEMBERS, kinds.PROFILE], limit: 500 };

const visibleTo = async (city: City): Promise<NostrEvent[]> => {
  const client = await Client.connect(city.relayUrl);
  const events = await client.find(VISIBLE);
  client.close();
  return events;
};

/** Founds places, talks (with text of every sort), deletes, edits, invites, waits at doors. */
export const fillCity = async (city: City, lines = 12): Promise<FullCity> => {
  const [admin, member] = [makePerson(), makePerson()];
  const client = await Client.connect(city.relayUrl);
  const say = async (event: NostrEvent) => {
    await client.publish(event);
    return event;
  };
  await say(admin.sign(makePlace('well')));
  await say(admin.sign(makePlace('shut', { closed: true, private: true })));
  await say(admin.sign(groups.makeInvite('shut', 'sesame')));
  await say(member.sign(groups.makeJoinRequest('shut', 'sesame')));
  await say(makePerson().sign(groups.makeJoinRequest('shut', 'wrong')));
  await say(member.sign({ kind: kinds.PROFILE, tags: [], content: '{"name":"ben"}' }));
  await say(member.sign({ kind: kinds.PROFILE, tags: [], content: '{"name":"Ben \\"\\\\ 🌊"}' }));
  const odd = ['quote " and \\ back', 'new\nline', '羅針盤 🌊', '\u2028', "it's; drop table events --", ''];
  for (const text of odd) await say(member.sign(makeLine('well', text, [['subject', text]])));
  for (let i = 0; i < lines; i++)
    await say(member.sign(makeLine(i % 2 === 0 ? 'well' : 'shut', `line ${i}`)));
  const regretted = await say(member.sign(makeLine('well', 'regretted')));
  await say(member.sign({ kind: kinds.DELETION, tags: [['e', regretted.id]], content: '' }));
  const removed = await say(member.sign(makeLine('well', 'removed')));
  await say(admin.sign(groups.makeDeleteEvent('well', removed.id)));
  const later = Math.floor(Date.now() / 1000) + 86_400;
  await say(member.sign(makeLine('well', 'for a day', [['expiration', String(later)]])));
  client.close();
  return { admin, member, pubkey: city.pubkey, visible: await visibleTo(city) };
};

/** Every row of every table, as text in an order of its own. */
export const contentsOf = async (db: Kysely<Tables>): Promise<Record<string, string[]>> => {
  const contents: Record<string, string[]> = {};
  for (const { name } of await listTables(db)) {
    const { rows } = await sql<{
      row: string;
    }>`select row_to_json(t)::text as row from ${sql.table(name)} t order by 1`.execute(db);
    contents[name] = rows.map(({ row }) => row);
  }
  return contents;
};

/** The same city: same key, same things to see, and it goes on. */
export const expectSameCity = async (city: City, full: FullCity): Promise<void> => {
  expect(city.pubkey).toBe(full.pubkey);
  expect(await visibleTo(city)).toEqual(full.visible);
  const client = await Client.connect(city.relayUrl);
  const [anybody] = [makePerson()];
  expect((await client.publish(anybody.sign(makeLine('shut', 'let me in'))))[1]).toMatch(/^restricted:/);
  expect(await client.publish(full.member.sign(makeLine('shut', `again ${Math.random()}`)))).toEqual([
    true,
    '',
  ]);
  const [line] = full.visible.filter(({ kind }) => kind === kinds.NOTE);
  if (line) expect((await client.publish(line))[1]).toMatch(/^duplicate:/);
  expect(await client.publish(full.admin.sign(groups.makePutUser('well', anybody.pubkey)))).toEqual([
    true,
    '',
  ]);
  client.close();
};
