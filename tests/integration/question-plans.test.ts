/**
 * Questions as clients ask them, explained by the database itself: none looks at everything, none sorts everything. What a question
 * costs grows with its answer, not with what the store holds.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import * as kinds from '#protocol/kinds.ts';
import { audienceOf } from '#server/relay/access.ts';
import { selectItems, selectRows } from '#server/store/walk.ts';
import { layEvents, openTestDatabases } from '../support/databases.ts';
import type { TestDatabase } from '../support/databases.ts';
import { makeChance } from '../support/questions/chance.ts';
import { makeDirectory, NOW, PEOPLE } from '../support/questions/population.ts';

const EVENTS = 20_000;
const PLACES = 20;

/** Much talk in few places: what tempts a planner to read it all. */
const makeTalk = (): NostrEvent[] => {
  const chance = makeChance(3);
  return Array.from({ length: EVENTS }, (_, n) => {
    const isPlace = n % 20 === 0;
    const kind = isPlace ? kinds.GROUP_METADATA : chance.pick([1, 1, 1, 1, 7, 7, 9, 1068, 30023]);
    const place = isPlace ? `place${n}` : `place${chance.below(PLACES)}`;
    return {
      id: n.toString(16).padStart(64, '0'),
      pubkey: chance.pick(PEOPLE),
      kind,
      created_at: NOW - chance.below(EVENTS),
      tags: [
        [isPlace ? 'd' : 'h', place],
        ['p', chance.pick(PEOPLE)],
        ...(isPlace ? ['u', 'u3', 'u33', `u33${chance.below(8)}`].map((cell) => ['g', cell]) : []),
        [
          'e',
          chance
            .below(n + 1)
            .toString(16)
            .padStart(64, '0'),
        ],
      ],
      content: `line ${n} of many`,
      sig: '0'.repeat(128),
    };
  });
};

const [anna = '', ben = '', carl = ''] = PEOPLE;
const QUESTIONS: readonly (readonly [string, Filter])[] = [
  ["a place's newest lines", { '#h': ['place2'], kinds: [1], limit: 50 }],
  ["a place's newest of anything", { '#h': ['place2'], limit: 50 }],
  ['its rare polls', { '#h': ['place2'], kinds: [kinds.POLL], limit: 50 }],
  ['two kinds of one place', { '#h': ['place2'], kinds: [1, 7], limit: 50 }],
  ['one kind of several places', { '#h': ['place2', 'place4', 'place6'], kinds: [1], limit: 50 }],
  ['two kinds of two places', { '#h': ['place2', 'place4'], kinds: [1, 9], limit: 50 }],
  ["an author's lines", { authors: [anna], kinds: [1], limit: 50 }],
  ['anything by an author', { authors: [anna], limit: 50 }],
  ['what some people say', { authors: [anna, ben, carl], kinds: [1, 7], limit: 50 }],
  ["a person's profile", { authors: [anna], kinds: [0], limit: 1 }],
  ['an addressable event', { authors: [anna], kinds: [30023], '#d': ['x'], limit: 1 }],
  ['what names a person', { '#p': [ben], limit: 50 }],
  ["somebody's letters", { '#p': [ben], kinds: [kinds.GIFT_WRAP], limit: 50 }],
  ['reactions to lines', { '#e': ['1'.padStart(64, '0'), '2'.padStart(64, '0')], kinds: [7] }],
  ['places around', { '#g': ['u33'], kinds: [kinds.GROUP_METADATA], limit: 50 }],
  ['places in several cells', { '#g': ['u331', 'u332', 'u333'], kinds: [kinds.GROUP_METADATA], limit: 50 }],
  ['places by their names', { '#d': ['place0', 'place20'], kinds: [39000, 39001, 39002] }],
  ['events by their ids', { ids: ['1'.padStart(64, '0'), '2'.padStart(64, '0')] }],
  ['a page of long ago', { '#h': ['place2'], kinds: [1], until: NOW - EVENTS / 2, limit: 50 }],
  ['what came since', { kinds: [1], since: NOW - 60, limit: 500 }],
  ['a stretch of time', { since: NOW - 9000, until: NOW - 8900 }],
  ['two tags', { '#h': ['place2'], '#p': [ben], kinds: [1], limit: 20 }],
  ['the newest of all', { limit: 50 }],
  ['the newest of some kinds', { kinds: [1, 9, 1068], limit: 50 }],
  ['a search', { search: 'line 77', limit: 50 }],
];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
const rowsOf = (plan: Plan): number =>
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];

let databases: TestDatabase[] = [];
beforeAll(async () => {
  databases = await openTestDatabases();
  const talk = makeTalk();
  for (const { db } of databases) await layEvents(db, talk);
}, 120_000);
afterAll(() => Promise.all(databases.map(({ close }) => close())));

describe.each([
  ['a visitor', new Set<string>()],
  ['somebody known', new Set([anna])],
])('asked by %s', (_, keys) => {
  const audience = audienceOf(makeDirectory(), keys, new Set());
  test.each(QUESTIONS)('%s: no walk through everything, no sort of it', async (_, filter) => {
    const question = { filter, audience, now: NOW };
    const limit = Math.min(filter.limit ?? 500, 500);
    // A few times the answer: each value and kind gives its own newest, and what the audience may not see is passed by.
    const cells = Object.values(filter).reduce<number>(
      (product, value) => product * (Array.isArray(value) ? Math.max(8, value.length) : 1),
      1,
    );
    for (const { db, name } of databases)
      for (const query of [selectRows(question, sql.raw('e.*'), limit), selectItems(question, limit)]) {
        const { rows } = await sql<{
          'QUERY PLAN': readonly [{ readonly Plan: Plan }];
        }>`explain (analyze, format json) ${query}`.execute(db);
        const plan = rows[0]?.['QUERY PLAN'][0].Plan;
        if (!plan) throw new Error('no plan');
        const about = `${name}: ${JSON.stringify(plan, undefined, 1)}`;
        for (const node of nodesOf(plan)) {
          expect(node['Node Type'] === 'Seq Scan' && node['Relation Name'], about).toBeFalsy();
          expect(rowsOf(node), about).toBeLessThanOrEqual(limit * cells + 500);
        }
      }
  });
});
