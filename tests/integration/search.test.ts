/** NIP-50: what is said in the open can be found by its words; what is not for everybody is found by nobody else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { City } from '#server/city.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import * as kinds from '#protocol/kinds.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { startTestCity } from '../support/server.ts';

const anna = makePerson();
const ben = makePerson();
const now = Math.floor(Date.now() / 1000);
const wordsOf = (events: readonly NostrEvent[]) => events.map(({ content }) => content);

/** The stories, on one database. */
const stories = (start: () => Promise<{ city: City; stop: () => Promise<void> } | undefined>) => {
  let city: City | undefined;
  let stop = (): Promise<void> => Promise.resolve();
  let client: Client;
  const publish = async (person: Person, ...drafts: Parameters<Person['sign']>) => {
    const event = person.sign(...drafts);
    expect(await client.publish(event)).toEqual([true, '']);
    return event;
  };
  const find = (filter: Filter, by = client) => by.find(filter);
  const knock = async (person: Person): Promise<Client> => {
    const own = await Client.connect(city?.relayUrl ?? '');
    await own.prove(person);
    return own;
  };
  beforeAll(async () => {
    const started = await start();
    if (!started) return;
    ({ city, stop } = started);
    client = await Client.connect(city.relayUrl);
  });
  afterAll(async () => {
    client?.close();
    await stop();
  });
  const story = (name: string, tell: () => Promise<void>) =>
    test(name, async (context) => (city ? tell() : context.skip('no PostgreSQL on this machine')));

  story('words in any order, accents and case aside, the last one half typed', async () => {
    const line = await publish(anna, { kind: 1, tags: [], content: 'Das Café an der Fähre öffnet um neun' });
    await publish(anna, { kind: 1, tags: [], content: 'Das Cabaret öffnet nie' });
    for (const search of [
      'cafe',
      'CAFÉ fah',
      'faehre'.replace('ae', 'ä'),
      '"cafe an der"',
      'offnet -cabaret',
      'cafe language:de',
    ])
      expect(wordsOf(await find({ search })), search).toEqual([line.content]);
    for (const search of ['', '...', 'caf neu', '"der an"', 'language:de'])
      expect(await find({ search }), search).toEqual([]);
  });

  story('text in scripts without spaces', async () => {
    const line = await publish(ben, { kind: 1, tags: [], content: '我喜欢北京的渡轮' });
    for (const search of ['北京', '喜欢', '"北京的"', '渡'])
      expect(wordsOf(await find({ search })), search).toEqual([line.content]);
    expect(await find({ search: '京北' })).toEqual([]);
  });

  story('names come before what is said, then the newest; the limit takes the best', async () => {
    const late = await publish(ben, { kind: 1, tags: [], content: 'lighthouse two', created_at: now - 5 });
    const early = await publish(ben, { kind: 1, tags: [], content: 'lighthouse one', created_at: now - 9 });
    const name = await publish(anna, {
      kind: 0,
      tags: [],
      content: '{"name":"Lighthouse","about":"keeper"}',
      created_at: now - 99,
    });
    expect((await find({ search: 'lighthouse' })).map(({ id }) => id)).toEqual([name.id, late.id, early.id]);
    expect((await find({ search: 'lighthouse', limit: 1 })).map(({ id }) => id)).toEqual([name.id]);
    expect((await find({ search: 'keeper' })).map(({ id }) => id)).toEqual([name.id]);
    await publish(anna, { kind: 0, tags: [], content: '{"name":"Somebody"}' });
    expect((await find({ search: 'keeper' })).map(({ id }) => id)).toEqual([]);
  });

  story('every other condition holds too, and a count counts the same', async () => {
    await publish(anna, makePlace('pier'));
    await publish(anna, makeLine('pier', 'heron on the pier'));
    const mine = await publish(ben, {
      kind: 1,
      tags: [['t', 'birds']],
      content: 'heron at home',
      created_at: now - 50,
    });
    const only = async (filter: Filter) => {
      expect(wordsOf(await find({ search: 'heron', ...filter })), JSON.stringify(filter)).toEqual([
        mine.content,
      ]);
      expect(await client.count({ search: 'heron', ...filter })).toBe(1);
    };
    await only({ authors: [ben.pubkey] });
    await only({ '#t': ['birds', 'x'] });
    await only({ ids: [mine.id] });
    await only({ until: now - 40 });
    expect(wordsOf(await find({ search: 'heron', '#h': ['pier'] }))).toEqual(['heron on the pier']);
    expect(await find({ search: 'heron', kinds: [kinds.CHAT_LINE] })).toEqual([]);
    expect(await client.count({ search: 'heron' })).toBe(2);
    expect((await find({ search: 'place pier', kinds: [kinds.GROUP_METADATA] })).length).toBe(1);
    await publish(ben, { kind: 5, tags: [['e', mine.id]], content: '' });
    expect(await client.count({ search: 'heron' })).toBe(1);
  });

  story('a private place and a hidden one: members find, strangers and those sent away do not', async () => {
    const [insider, outsider] = await Promise.all([knock(anna), knock(ben)]);
    for (const [id, modes] of [
      ['attic', { private: true }],
      ['cellar', { private: true, hidden: true }],
    ] as const) {
      await publish(anna, makePlace(id, modes));
      await publish(anna, {
        kind: kinds.PUT_USER,
        tags: [
          ['h', id],
          ['p', ben.pubkey],
        ],
        content: '',
      });
      await publish(anna, makeLine(id, `albatross ${id}`));
      const asked: Filter = { search: 'albatross', kinds: [1] };
      expect(await find({ ...asked, search: `albatross ${id}` }, outsider)).toHaveLength(1);
      await publish(anna, {
        kind: kinds.REMOVE_USER,
        tags: [
          ['h', id],
          ['p', ben.pubkey],
        ],
        content: '',
      });
      for (const by of [client, outsider]) {
        expect(await find(asked, by)).toEqual([]);
        expect(await by.count(asked)).toBe(0);
      }
      expect(await find({ ...asked, search: `albatross ${id}` }, insider)).toHaveLength(1);
    }
    expect(await find({ search: 'place cellar' }, outsider)).toEqual([]);
    insider.close();
    outsider.close();
  });

  story('letters are not found by their text, not even by their reader', async () => {
    await publish(anna, {
      kind: kinds.LEGACY_DIRECT_MESSAGE,
      tags: [['p', ben.pubkey]],
      content: 'cormorant',
    });
    const reader = await knock(ben);
    expect(await find({ search: 'cormorant' }, reader)).toEqual([]);
    reader.close();
  });

  story('a search looks once: what comes later is not told, what is asked beside it is', async () => {
    const other = await Client.connect(city?.relayUrl ?? '');
    const { events } = await other.follow({ search: 'gannet' }, { kinds: [1], '#t': ['gulls'] });
    await publish(anna, { kind: 1, tags: [], content: 'gannet alone' });
    await publish(anna, { kind: 1, tags: [['t', 'gulls']], content: 'a gull' });
    await other.settled();
    expect(wordsOf(events)).toEqual(['a gull']);
    other.close();
  });

  story('a reconciliation does not search', async () => {
    const end = client.later(([type]) => type === 'NEG-ERR');
    client.raw('["NEG-OPEN","n",{"search":"ferry"},"61"]');
    expect((await end)[2]).toMatch(/^unsupported:/);
  });
};

describe('on the embedded database', () => {
  stories(async () => {
    const city = await startTestCity();
    return { city, stop: () => city.close() };
  });
});

describe('on PostgreSQL', () => {
  let postgres: TestPostgres | undefined;
  stories(async () => {
    postgres = await startTestPostgres();
    if (!postgres) {
      console.warn('SKIPPED: there is no PostgreSQL on this machine; search was not tried on it.');
      return undefined;
    }
    const city = await startTestCity({ environment: { DATABASE_URL: postgres.url } });
    return {
      city,
      stop: async () => {
        await city.close();
        await postgres?.close();
      },
    };
  });
});
