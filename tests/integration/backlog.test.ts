/** Coming back with much to say: a long queue goes through at once, a flood does not. With the paces that strangers meet. */
import { signSchnorr } from 'tiny-secp256k1';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventId } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { DEFAULT_RATES } from '#server/relay/pace/rates.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const LINES = 1000;
let city: City;
beforeAll(async () => {
  city = await startTestCity({ rates: DEFAULT_RATES });
});
afterAll(() => city.close());

const from = (address: string) => Client.connect(city.relayUrl, { 'x-forwarded-for': address });

/** Unsigned lines with their right ids. */
const draftsBy = ({ pubkey }: Person, place: string, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const line = { ...makeLine(place, `line ${i}`), pubkey, created_at: Math.floor(Date.now() / 1000) };
    return { ...line, id: eventId(line), sig: '0'.repeat(128) };
  });

/** Thousands of signatures: by the library that the server verifies with, which is several times quicker. */
const linesBy = (person: Person, place: string, count: number): NostrEvent[] =>
  draftsBy(person, place, count).map((line) => {
    const signature = signSchnorr(Buffer.from(line.id, 'hex'), person.secret);
    return { ...line, sig: Buffer.from(signature).toString('hex') };
  });

/** Sends everything at once, without waiting for answers in between: how many were taken, and what the others heard. */
const sendAll = async (client: Client, lines: readonly NostrEvent[]) => {
  const answers = await Promise.all(lines.map((line) => client.publish(line)));
  const refused = answers.filter(([taken]) => !taken).map(([, message]) => message);
  return { taken: answers.length - refused.length, refused };
};

test('a thousand queued lines are taken within ten seconds, all of them, though somebody forged as many', async () => {
  const [anna, annas, forger] = [makePerson(), await from('198.51.100.20'), await from('198.51.100.21')];
  expect(await annas.publish(anna.sign(makePlace('harbour')))).toEqual([true, '']);
  const lines = linesBy(anna, 'harbour', LINES);
  const forged = draftsBy(anna, 'harbour', 1700);
  expect((await sendAll(forger, forged)).taken).toBe(0);
  const began = Date.now();
  expect(await sendAll(annas, lines)).toEqual({ taken: LINES, refused: [] });
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await annas.count({ kinds: [kinds.NOTE], '#h': ['harbour'] })).toBe(LINES);
  for (const each of [annas, forger]) each.close();
});

test('a flood for a place ends where a backlog would; outside of places it ends where it did', async () => {
  const [ben, bens] = [makePerson(), await from('198.51.100.22')];
  expect(await bens.publish(ben.sign(makePlace('pier')))).toEqual([true, '']);
  const { taken, refused } = await sendAll(bens, linesBy(ben, 'pier', 1900));
  const { events, backlog } = DEFAULT_RATES;
  expect(taken).toBeGreaterThanOrEqual(events.burst + backlog.burst - 1);
  expect(taken).toBeLessThan(events.burst + backlog.burst + 200);
  expect(new Set(refused)).toEqual(new Set(['rate-limited: too many events by this key; wait a little']));
  bens.close();
  const [cleo, cleos] = [makePerson(), await from('198.51.100.23')];
  const notes = Array.from({ length: 400 }, (_, i) =>
    cleo.sign({ kind: kinds.NOTE, tags: [], content: `note ${i}` }),
  );
  expect((await sendAll(cleos, notes)).taken).toBeLessThan(events.burst + 100);
  cleos.close();
});
