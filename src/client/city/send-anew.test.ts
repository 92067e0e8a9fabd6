import { expect, test } from 'vitest';
import { NOTE } from '#protocol/kinds.ts';
import { makeLine, makeSequenceTag } from '#protocol/messages.ts';
import { tagValue } from '#protocol/tags.ts';
import { fail } from '#shared/result.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey, refusal } from '../../../tests/support/fake-city.ts';
import { draftAnew, sendAnew } from './send-anew.ts';

const begin = async (...texts: string[]) => {
  const city = new FakeCity({ account: fakeAccount() });
  city.answers = () => refusal('invalid: too old');
  const events = [];
  for (const text of texts) {
    const published = await city.publish(makeLine({ group: 'plaza', kind: NOTE, text }));
    if (published.ok) events.push(published.value.event);
  }
  city.answers = () => ({ ok: true, value: { note: '' } });
  return { city, events, ids: events.map(({ id }) => id) };
};

test('the same words go out in the order they were written, each in the old one’s place', async () => {
  const { city, ids } = await begin('one', 'two', 'three');
  const sent = await sendAnew(city, ids.toReversed());
  expect(sent).toEqual({ ok: true, value: 3 });
  expect(city.published.slice(3).map(({ content }) => content)).toEqual(['one', 'two', 'three']);
  expect(city.discarded).toEqual(ids);
  expect(await city.refused()).toEqual([]);
  const times = city.published.slice(3).map(({ created_at }) => created_at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('tags stay but for the old time’s and the old work’s; relays and work are handed on', async () => {
  const { city } = await begin();
  city.answers = () => refusal('pow: 1 needs 9 bits');
  const tags = [
    ['h', 'plaza'],
    ['p', fakeKey('b2')],
    ['imeta', 'url x'],
    makeSequenceTag(3),
    ['nonce', '7', '4'],
  ];
  const published = await city.publish({ kind: NOTE, content: 'hi', tags });
  const old = published.ok ? published.value.event.id : '';
  await sendAnew(city, [old], { work: 9, title: 'Work' });
  expect(city.drafts.at(-1)).toEqual({ kind: NOTE, content: 'hi', tags: tags.slice(0, 3) });
  expect(city.options.at(-1)).toEqual({ work: 9, title: 'Work', relays: [city.relay], instead: old });
});

test('an answer to a line that is sent anew beside it follows it', async () => {
  const { city, events } = await begin('one');
  city.answers = () => refusal('invalid: too old');
  const [one] = events;
  if (!one) throw new Error('nothing was said');
  const reply = await city.publish(makeLine({ group: 'plaza', kind: NOTE, text: 'yes', replyTo: one }));
  await sendAnew(city, [one.id, reply.ok ? reply.value.event.id : '']);
  const [again, answer] = city.published.slice(-2);
  expect(answer && tagValue(answer, 'e')).toBe(again?.id);
});

test('the first that cannot be sent ends it, and nothing is given up', async () => {
  const { city, ids } = await begin('one', 'two');
  city.publishFailure = { code: 'storage', message: 'full' };
  expect(await sendAnew(city, ids)).toEqual(fail('storage', 'full'));
  expect(city.discarded).toEqual([]);
  expect(city.drafts).toHaveLength(3);
});

test('another account’s lines are not signed by this one; unknown ids are nothing', async () => {
  const { city, ids } = await begin('one');
  city.account = fakeAccount(fakeKey('b2'));
  expect(await sendAnew(city, ids)).toMatchObject({ ok: false, error: { code: 'no-account' } });
  expect(await sendAnew(city, ['nobody'])).toEqual({ ok: true, value: 0 });
  expect(city.drafts).toHaveLength(1);
});

test('names of tags are never exchanged', () => {
  const names = new Map([['e', 'x']]);
  expect(draftAnew(fakeEvent({ kind: 1, tags: [['e', 'e']] }), names).tags).toEqual([['e', 'x']]);
});
