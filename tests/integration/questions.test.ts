/**
 * Random questions of random people: the store's answers are those of somebody who looks at every event. `QUESTIONS` is how many
 * are asked of each database (100,000 for the whole run), `QUESTIONS_SEED` where the dice begin.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { newestFirst } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import { audienceOf } from '#server/relay/access.ts';
import { countEvents, findEvents, findItems } from '#server/store/query.ts';
import { layEvents, openTestDatabases } from '../support/databases.ts';
import type { TestDatabase } from '../support/databases.ts';
import { makeChance } from '../support/questions/chance.ts';
import { answer, matching, randomFilter } from '../support/questions/oracle.ts';
import { makeDirectory, makeEvents, NOW, PEOPLE } from '../support/questions/population.ts';

const QUESTIONS = Number(process.env['QUESTIONS'] ?? 500);
const SEED = Number(process.env['QUESTIONS_SEED'] ?? 6);
const EVENTS = 3000;
const MOST = 500;

const places = makeDirectory();
const events = makeEvents(makeChance(1), EVENTS).sort(newestFirst);
const operators = new Set([PEOPLE[23] ?? '']);
const access = { places, operators };
let databases: TestDatabase[] = [];

beforeAll(async () => {
  databases = await openTestDatabases();
  for (const { db } of databases) await layEvents(db, events);
}, 120_000);
afterAll(() => Promise.all(databases.map(({ close }) => close())));

const idsOf = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

/** Searches come best first: which ones stays to be compared, and how many when there are more than the limit. */
const expectSearched = (
  found: readonly NostrEvent[],
  filter: Filter,
  keys: ReadonlySet<string>,
  about: string,
): void => {
  const all = new Set(idsOf(matching(events, filter, keys, access)));
  const most = Math.min(filter.limit ?? MOST, MOST);
  const isEmpty = Object.values(filter).some((field) => Array.isArray(field) && field.length === 0);
  expect(found.length, about).toBe(isEmpty ? 0 : Math.min(all.size, most));
  expect(
    found.filter(({ id }) => !all.has(id)),
    about,
  ).toEqual([]);
};

const askOnce = async ({ db, name }: TestDatabase, seed: number): Promise<void> => {
  const chance = makeChance(seed);
  const filters = Array.from({ length: chance.below(4) === 0 ? 2 : 1 }, () => randomFilter(chance, events));
  const keys = new Set(chance.below(3) === 0 ? [] : chance.some(PEOPLE, 2));
  const scope = { audience: audienceOf(places, keys, operators), now: NOW };
  const about = `${name} ${seed}: ${JSON.stringify(filters)} by ${[...keys].join()}`;
  const found = await findEvents(db, filters, { ...scope, most: MOST, mostText: Infinity });
  const [filter = {}] = filters;
  if (filters.every(({ search }) => search === undefined))
    expect(idsOf(found), about).toEqual(idsOf(answer(events, filters, MOST, keys, access)));
  else if (filters.length === 1) expectSearched(found, filter, keys, about);
  if (seed % 4 > 0) return;
  const unlimited = filters.map(({ limit: _limit, ...rest }): Filter => rest);
  const all = answer(events, unlimited, Infinity, keys, access);
  expect(await countEvents(db, unlimited, scope), about).toBe(all.length);
  if (filters.length > 1 || filter.search !== undefined) return;
  const items = await findItems(db, filter, { ...scope, most: EVENTS });
  expect(items, about).toEqual(
    answer(events, filters, Infinity, keys, access).map(({ id, created_at: at }) => ({ id, at })),
  );
};

test(
  `${QUESTIONS} random questions of each database`,
  async () => {
    for (const database of databases)
      for (let n = 0; n < QUESTIONS; n++) await askOnce(database, SEED * 1_000_000 + n);
  },
  60_000 + QUESTIONS * 40,
);
