/** What a letter's recipient may take away, and which edits the relay keeps; over sockets, on both databases. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Draft } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { EDIT_WITHIN, makeEdit } from '#protocol/lines/edits.ts';
import type { City } from '#server/city.ts';
import { startBothCities } from '../support/both-cities.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let both: Awaited<ReturnType<typeof startBothCities>>;
beforeAll(async () => {
  both = await startBothCities();
});
afterAll(() => both.close());

const onBoth = (story: string, tell: (city: City, client: Client) => Promise<void>): void =>
  test(story, async () => {
    for (const { city } of both.cities) {
      const client = await Client.connect(city.relayUrl);
      await tell(city, client);
      client.close();
    }
  });

const now = () => Math.floor(Date.now() / 1000);
const letterTo = (...people: readonly Person[]): Draft => ({
  kind: kinds.GIFT_WRAP,
  tags: people.map(({ pubkey }) => ['p', pubkey]),
  content: 'sealed',
});
const deletionOf = (...ids: readonly string[]): Draft => ({
  kind: kinds.DELETION,
  tags: ids.map((id) => ['e', id]),
  content: '',
});

onBoth(
  'a letter goes for good when the one it is for says so, and at nobody else’s word',
  async (city, client) => {
    const [ben, eve] = [makePerson(), makePerson()];
    const bens = await Client.connect(city.relayUrl);
    await bens.prove(ben);
    const thrownAway = makePerson();
    const [letter, kept] = [thrownAway.sign(letterTo(ben)), makePerson().sign(letterTo(ben))];
    for (const each of [letter, kept]) expect(await client.publish(each)).toEqual([true, '']);
    expect((await client.publish(eve.sign(deletionOf(letter.id))))[1]).toMatch(
      /^restricted: only the author/,
    );
    const both = await bens.find({ kinds: [kinds.GIFT_WRAP] });
    expect(both.map(({ id }) => id).sort()).toEqual([letter.id, kept.id].sort());
    expect(await client.publish(ben.sign(deletionOf(letter.id)))).toEqual([true, '']);
    expect(await bens.find({ kinds: [kinds.GIFT_WRAP] })).toEqual([kept]);
    expect((await client.publish(letter))[1]).toMatch(/^blocked: this event was deleted/);
    expect(await bens.find({ kinds: [kinds.GIFT_WRAP] })).toEqual([kept]);
    bens.close();
  },
);

onBoth('a name in a p tag gives no right over anything but letters', async (_, client) => {
  const [anna, ben] = [makePerson(), makePerson()];
  const note = anna.sign({ kind: kinds.NOTE, tags: [['p', ben.pubkey]], content: 'hi Ben' });
  const letter = makePerson().sign(letterTo(ben));
  for (const each of [note, letter]) await client.publish(each);
  expect((await client.publish(ben.sign(deletionOf(letter.id, note.id))))[1]).toMatch(/^restricted:/);
  expect(await client.find({ ids: [note.id] })).toEqual([note]);
  expect(await client.publish(ben.sign(deletionOf(letter.id)))).toEqual([true, '']);
});

onBoth(
  'a deletion that comes before the letter does not keep a stranger’s letter out',
  async (city, client) => {
    const [ben, eve] = [makePerson(), makePerson()];
    const letter = makePerson().sign(letterTo(ben));
    expect(await client.publish(eve.sign(deletionOf(letter.id)))).toEqual([true, '']);
    expect(await client.publish(letter)).toEqual([true, '']);
    const bens = await Client.connect(city.relayUrl);
    await bens.prove(ben);
    expect(await bens.find({ kinds: [kinds.GIFT_WRAP] })).toEqual([letter]);
    bens.close();
  },
);

onBoth('a letter that was taken away before it came stays away', async (_, client) => {
  const ben = makePerson();
  const letter = makePerson().sign(letterTo(ben));
  expect(await client.publish(ben.sign(deletionOf(letter.id)))).toEqual([true, '']);
  expect((await client.publish(letter))[1]).toMatch(/^blocked: this event was deleted/);
});

onBoth(
  'edits: by the author, in the place, in time; everything else is refused with its reason',
  async (_, client) => {
    const [anna, ben] = [makePerson(), makePerson()];
    const [here, there] = [`here${now()}`, `there${now()}`];
    for (const place of [here, there]) await client.publish(anna.sign(makePlace(place)));
    const at = now() - EDIT_WITHIN - 60;
    const line = anna.sign(makeLine(here, 'frist'));
    const old = anna.sign({ ...makeLine(here, 'long ago'), created_at: at });
    for (const each of [line, old]) expect(await client.publish(each)).toEqual([true, '']);
    const say = async (who: Person, draft: Draft & { readonly created_at?: number }) =>
      (await client.publish(who.sign(draft)))[1];
    expect(await say(anna, makeEdit(here, line.id, 'first'))).toBe('');
    expect(await say(ben, makeEdit(here, line.id, 'mine'))).toMatch(/^restricted: only the author of a line/);
    // Nobody learns by an edit what lies in another place.
    expect(await say(ben, makeEdit(there, line.id, 'x'))).toBe('');
    expect(await say(anna, makeEdit(here, old.id, 'late'))).toMatch(
      /^restricted: a line may be edited for 15 minutes/,
    );
    expect(
      await say(anna, { ...makeEdit(here, line.id, 'before it'), created_at: line.created_at - 5 }),
    ).toMatch(/^restricted: a line may be edited/);
    expect(await say(anna, { ...makeEdit(here, old.id, 'in time'), created_at: at + EDIT_WITHIN })).toBe('');
    expect(await say(anna, makeEdit(here, 'f'.repeat(64), 'of a line that is elsewhere'))).toBe('');
  },
);
