import { expect, test } from 'vitest';
import { makeRumor, talkOf } from '#protocol/direct/rumors.ts';
import type { Draft } from '#protocol/event.ts';
import { makePins } from '#protocol/lines/pins.ts';
import { NOTE } from '#protocol/kinds.ts';
import { makeDeletion, makeLine } from '#protocol/messages.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { PinBoard } from './pin-board.svelte.ts';
import { pins } from './pin-rows.ts';

const [me, anna, eve] = [fakeKey('a1'), fakeKey('b2'), fakeKey('ee')];
const talk = talkOf([me, anna], me);
const NOW = 1_800_000_000;

const said = (text: string) =>
  fakeEvent({ ...makeLine({ group: 'plaza', kind: NOTE, text }), pubkey: anna, created_at: NOW });
const list = (ids: readonly string[], at = NOW, group = 'plaza') =>
  fakeEvent({ kind: 39005, tags: [['d', group], ...ids.map((id) => ['e', id])], created_at: at });
let wraps = 0;
const came = (draft: Draft, at = NOW, author = anna) =>
  ({
    type: 'WrapOpened',
    v: 1,
    wrap: (++wraps).toString(16).padStart(64, '0'),
    to: me,
    rumor: makeRumor(draft, { author, to: [me], at }),
  }) as const;

const scene = (group: string) => {
  const city = new FakeCity({ projections: [chatProjection], account: fakeAccount(me) });
  const drafts: Draft[] = [];
  const board = new PinBoard(city, group, (draft) => Promise.resolve(drafts.push(draft)));
  const texts = () => board.shown.map(({ text }) => text);
  return { city, drafts, board, texts };
};

test('a place shows what its relay says is pinned, newest list first and last', async () => {
  const { city, texts } = scene('plaza');
  const [one, two] = [said('one'), said('two')];
  await city.deliver(one, two, list([two.id, one.id], NOW + 1), list([one.id], NOW));
  await expect.poll(texts).toEqual(['two', 'one']);
});

test('deleted lines leave the bar, and so does what belongs elsewhere', async () => {
  const { city, texts } = scene('plaza');
  const [one, two] = [said('one'), said('two')];
  const elsewhere = fakeEvent({
    ...makeLine({ group: 'square', kind: NOTE, text: 'elsewhere' }),
    pubkey: eve,
  });
  await city.deliver(one, two, elsewhere, list([two.id, elsewhere.id, one.id]));
  await expect.poll(texts).toEqual(['two', 'one']);
  await city.deliver(fakeEvent({ ...makeDeletion([two], 'plaza'), pubkey: anna }));
  await expect.poll(texts).toEqual(['one']);
});

test('a list of a thousand, or with nonsense in it, pins twenty at most', async () => {
  const { city } = scene('plaza');
  const ids = Array.from({ length: 1000 }, (_, at) => at.toString(16).padStart(64, '0'));
  await city.deliver(list(['nonsense', ids[0] ?? '', ...ids]));
  expect((await city.get(pins, 'plaza'))?.lines).toEqual(ids.slice(0, 20));
});

test('in private somebody of the talk pins; a stranger, and a list from outside, change nothing', async () => {
  const { city, texts, board, drafts } = scene(talk);
  const line = came({ kind: 14, content: 'The quay', tags: [] });
  await city.record(line, came(makePins(talk, [line.rumor.id])));
  await expect.poll(texts).toEqual(['The quay']);
  await city.record(came(makePins(talk, []), NOW + 9, eve));
  await city.deliver(list([], NOW + 9, talk), fakeEvent({ ...makePins(talk, []), created_at: NOW + 9 }));
  expect((await city.get(pins, talk))?.lines).toEqual([line.rumor.id]);
  await board.toggle(line.rumor.id);
  expect(drafts).toEqual([makePins(talk, [])]);
  expect(city.fetches).toEqual([]);
});

test('pinning puts a line in front, and asks once for what is not here', async () => {
  const { city, board, drafts } = scene('plaza');
  const [old, fresh] = [fakeKey('01'), fakeKey('02')];
  await city.deliver(list([old]));
  await expect.poll(() => board.has(old)).toBe(true);
  await board.toggle(fresh);
  expect(drafts).toEqual([makePins('plaza', [fresh, old])]);
  await city.deliver(said('something'));
  await expect.poll(() => city.fetches).toEqual([{ filters: [{ ids: [old] }] }]);
});
