/** Random questions through the door itself: parsed, paced, answered and framed as strangers' are, the answers those of a look at every event. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { City } from '#server/city.ts';
import { openDatabase } from '#server/db/database.ts';
import { migrateUp } from '#server/db/migrate.ts';
import { newestFirst } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { isGroupAction, isGroupState } from '#protocol/kinds.ts';
import { GroupDirectory } from '#server/groups/directory.ts';
import { layEvents } from '../support/databases.ts';
import { Client } from '../support/client.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { makeChance } from '../support/questions/chance.ts';
import { answer, randomFilter } from '../support/questions/oracle.ts';
import { makeEvents, NOW } from '../support/questions/population.ts';
import { startTestCity } from '../support/server.ts';

const QUESTIONS = 200;
const MOST = 500;
const access = { places: new GroupDirectory(), operators: new Set<string>() };

let postgres: TestPostgres | undefined;
let city: City | undefined;
/** Without what a city makes of its places when it starts. */
let events: NostrEvent[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  if (!postgres)
    return console.warn('SKIPPED: there is no PostgreSQL on this machine to lay events into beforehand.');
  const opened = await openDatabase({ databaseUrl: postgres.url });
  if (!opened.ok) throw new Error(opened.error.message);
  await migrateUp(opened.value.db);
  events = makeEvents(makeChance(2), 2000)
    .filter(({ kind }) => !isGroupAction(kind) && !isGroupState(kind))
    .sort(newestFirst);
  await layEvents(opened.value.db, events);
  await opened.value.close();
  city = await startTestCity({ environment: { DATABASE_URL: postgres.url }, clock: { now: () => NOW } });
}, 120_000);
afterAll(async () => {
  await city?.close();
  await postgres?.close();
});

test(`${QUESTIONS} random questions of a visitor`, async (context) => {
  if (!city) return context.skip('no PostgreSQL on this machine');
  const client = await Client.connect(city.relayUrl);
  const chance = makeChance(11);
  for (let n = 0; n < QUESTIONS; n++) {
    const { search: _search, ...filter } = randomFilter(chance, events);
    const expected = answer(events, [filter], MOST, new Set(), access).map(({ id }) => id);
    const found = await client.find(filter).catch((cause: unknown) => String(cause));
    // A visitor who asks for letters alone is told to say who asks.
    if (typeof found === 'string')
      expect([found, expected]).toEqual([expect.stringMatching(/auth-required/), []]);
    else
      expect(
        found.map(({ id }) => id),
        JSON.stringify(filter),
      ).toEqual(expected);
  }
  client.close();
}, 60_000);
