import { expect, test } from 'vitest';
import { FakeCity, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { makeRumor, talkOf } from '#protocol/direct/rumors.ts';
import { chatProjection } from '../projection.ts';
import { conversations, lines, reactions } from './tables.ts';

const [me, anna] = [fakeKey('a1'), fakeKey('b2')];
const talk = talkOf([me, anna], me);
const NOW = 1_800_000_000;
const say = (author: string, content: string, change: object = {}) =>
  makeRumor({ kind: 14, content, tags: [], ...change }, { author, to: [author === me ? anna : me], at: NOW });
const make = () => new FakeCity({ projections: [chatProjection] });
const came = (rumor: ReturnType<typeof say>, wrap = fakeKey('0f')) =>
  ({ type: 'WrapOpened', v: 1, wrap, to: me, rumor }) as const;
const wrapIds = [fakeKey('d1'), fakeKey('d2')] as const;
const sent = (rumor: ReturnType<typeof say>) =>
  ({
    type: 'RumorSent',
    v: 1,
    rumor,
    wraps: [
      { id: wrapIds[0], to: anna },
      { id: wrapIds[1], to: me },
    ],
  }) as const;

test('what came stands in its talk, unread, and says who said it', async () => {
  const city = make();
  const rumor = say(anna, 'Hello');
  await city.record(came(rumor));
  expect(await city.get(lines, rumor.id)).toMatchObject({
    group: talk,
    author: anna,
    text: 'Hello',
    state: 'sent',
  });
  expect(await city.get(conversations, talk)).toMatchObject({ unread: 1, lastText: 'Hello' });
});

test('what is said here is pending until a relay has the wrap of somebody else', async () => {
  const city = make();
  const rumor = say(me, 'Hi');
  await city.record(sent(rumor));
  const state = async () => (await city.get(lines, rumor.id))?.state;
  expect(await state()).toBe('pending');
  const answered = { type: 'EventAccepted', v: 1, relay: city.relay, note: '' } as const;
  await city.record({ ...answered, id: wrapIds[1] });
  expect(await state()).toBe('pending');
  await city.record({ ...answered, id: wrapIds[0] });
  expect(await state()).toBe('sent');
  expect(await city.get(conversations, talk)).toMatchObject({ unread: 0, lines: 1 });
});

test('a refused wrap is a refused line; given up, it is gone', async () => {
  const city = make();
  const rumor = say(me, 'Hi');
  await city.record(sent(rumor), {
    type: 'EventRejected',
    v: 1,
    id: wrapIds[0],
    relay: city.relay,
    reason: 'blocked: no',
  });
  expect(await city.get(lines, rumor.id)).toMatchObject({ state: 'failed', reason: 'blocked: no' });
  await city.record({ type: 'EventDiscarded', v: 1, id: wrapIds[0] });
  expect(await city.get(lines, rumor.id)).toBeUndefined();
});

test('reactions and deletions of a talk find their lines; only the author takes a line back', async () => {
  const city = make();
  const rumor = say(anna, 'Hello');
  const tags = [['e', rumor.id]];
  await city.record(came(rumor), came(say(anna, '🎉', { kind: 7, tags }), fakeKey('1f')));
  expect(await city.part(reactions, { part: rumor.id })).toMatchObject([{ emoji: '🎉', author: anna }]);
  await city.record(sent(say(me, '', { kind: 5, tags })));
  expect((await city.get(lines, rumor.id))?.deletedBy).toBeUndefined();
  await city.record(came(say(anna, '', { kind: 5, tags }), fakeKey('2f')));
  expect(await city.get(lines, rumor.id)).toMatchObject({ text: '', deletedBy: anna });
});

test('a file’s key stands in its row while the line stands, and goes with it', async () => {
  const city = make();
  const rumor = say(anna, 'https://city.test/file', { kind: 15, tags: [['decryption-key', 'secret']] });
  await city.record(came(rumor));
  expect(await city.get(lines, rumor.id)).toMatchObject({
    text: '',
    sealed: { kind: 15, content: 'https://city.test/file' },
  });
  await city.record(came(say(anna, '', { kind: 5, tags: [['e', rumor.id]] }), fakeKey('2f')));
  expect(JSON.stringify(await city.get(lines, rumor.id))).not.toContain('secret');
});

test('a public line that pretends to stand in a private talk is nobody’s line', async () => {
  const city = make();
  await city.deliver(fakeEvent({ kind: 1, pubkey: anna, content: 'I am private', tags: [['h', talk]] }));
  await city.deliver(fakeEvent({ kind: 14, pubkey: anna, content: 'Me too', tags: [['h', talk]] }));
  expect(await city.all(lines)).toEqual([]);
  expect(await city.get(conversations, talk)).toBeUndefined();
});

test('what was said before elsewhere says so, with the files that hang on it', async () => {
  const city = make();
  const url = `https://city.test/${'e'.repeat(64)}`;
  const tags = [['forwarded'], ['imeta', `url ${url}`, 'm image/png', `x ${'e'.repeat(64)}`]];
  const rumor = say(anna, `Look\n${url}`, { tags });
  await city.record(came(rumor));
  expect(await city.get(lines, rumor.id)).toMatchObject({ forwarded: true, text: 'Look', files: [{ url }] });
  await city.record(came(say(anna, '', { kind: 5, tags: [['e', rumor.id]] }), fakeKey('2f')));
  expect(await city.get(lines, rumor.id)).not.toHaveProperty('forwarded');
});
