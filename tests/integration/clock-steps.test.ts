/** The city's clock is set back and forth while it runs: what a place is stays in order, nothing is lost, and all is well when it is right again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeEditGroup } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import type { Geohash } from '#shared/geohash.ts';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestCity } from '../support/server.ts';

const HOUR = 3600;
let step = 0;
const now = (): number => Math.floor(Date.now() / 1000) + step;
const anna = makePerson();
let city: City;
let client: Client;

beforeAll(async () => {
  city = await startTestCity({ clock: { now } });
  client = await Client.connect(city.relayUrl);
  expect(await client.publish(anna.sign(makePlace('square')))).toEqual([true, '']);
});
afterAll(async () => {
  client.close();
  await city.close();
});

const rename = async (name: string): Promise<void> => {
  const modes = { private: false, restricted: false, closed: false, hidden: false };
  const draft = makeEditGroup('square', { name, about: '', geohash: 'u33db' as Geohash, modes });
  expect(await client.publish(anna.sign({ ...draft, created_at: now() }))).toEqual([true, '']);
};

const metadata = async () => {
  const found = await client.find({ kinds: [kinds.GROUP_METADATA], '#d': ['square'] });
  expect(found).toHaveLength(1);
  return found[0];
};

test('set back an hour: what a place is becomes newer all the same, and the last word counts', async () => {
  const live = await client.follow({ kinds: [kinds.GROUP_METADATA], '#d': ['square'] });
  const times = [(await metadata())?.created_at ?? 0];
  for (const [index, moved] of [0, -HOUR, -2 * HOUR, HOUR, 0].entries()) {
    step = moved;
    await rename(`Square ${index}`);
    const said = await metadata();
    expect(said?.tags).toContainEqual(['name', `Square ${index}`]);
    times.push(said?.created_at ?? 0);
  }
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  expect(live.events.at(-1)).toEqual(await metadata());
});

test('a clock that is an hour slow refuses what is true in words, a right one takes it', async () => {
  const line = anna.sign(makeLine('square', 'on time'));
  step = -HOUR;
  expect(await client.publish(line)).toEqual([false, expect.stringMatching(/^invalid: /)]);
  step = 0;
  expect(await client.publish(line)).toEqual([true, '']);
});

test('a clock that is set forward shows nothing that has expired, and shows it again when it was wrong', async () => {
  const expiration = String(now() + HOUR / 2);
  const line = anna.sign(makeLine('square', 'for half an hour', [['expiration', expiration]]));
  expect(await client.publish(line)).toEqual([true, '']);
  expect(await client.find({ ids: [line.id] })).toEqual([line]);
  step = HOUR;
  expect(await client.find({ ids: [line.id] })).toEqual([]);
  step = 0;
  expect(await client.find({ ids: [line.id] })).toEqual([line]);
});
