import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { makeLine, makeReaction } from '#protocol/messages.ts';
import type { Draft } from '#protocol/event.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';
import { FakeCity, fakeAccount, fakeEvent, refusal } from '../../../tests/support/fake-city.ts';
import { unsentWords } from './unsent-words.ts';
import { Unsent } from './unsent.svelte.ts';

const line = (text: string): Draft => makeLine({ group: 'plaza', kind: kinds.NOTE, text });
const heart = makeReaction('plaza', { id: 'a'.repeat(64), pubkey: 'b'.repeat(64), kind: kinds.NOTE }, '🎉');

const begin = async (...refused: readonly (readonly [Draft, string])[]) => {
  const fake = new FakeCity({ account: fakeAccount() });
  const city = Object.assign(fake, { status: { waiting: 0, refused: refused.length } });
  const toasts: ToastWish[] = [];
  const waiting: (() => void)[] = [];
  const unsent = new Unsent({
    city,
    toasts: { show: (wish) => toasts.push(wish) },
    after: (_ms, done) => {
      waiting.push(done);
      return () => void waiting.splice(waiting.indexOf(done), 1);
    },
  });
  for (const [draft, reason] of refused) {
    city.answers = () => refusal(reason);
    await city.publish(draft);
  }
  city.answers = () => ({ ok: true, value: { note: '' } });
  await unsent.look();
  const first = () => {
    const thing = unsent.all[0];
    if (!thing) throw new Error('nothing is there');
    return thing;
  };
  return { city, unsent, toasts, first, pass: () => waiting.splice(0).forEach((done) => done()) };
};

test('nothing that was refused is silently dead: reactions and deletions too, each with its way', async () => {
  const { unsent } = await begin(
    [line('old'), 'invalid: in a place created_at is at most 604800 seconds ago'],
    [heart, 'restricted: only members write in this place'],
    [
      { kind: kinds.DELETION, content: '', tags: [['e', 'a'.repeat(64)]] },
      'restricted: only the author may delete it',
    ],
  );
  expect(unsent.all.map(({ repair }) => repair?.way)).toEqual(['resign', 'join', undefined]);
});

test('a wish to join, which its place shows, and a list that a newer one overtook are no trouble', async () => {
  const { unsent } = await begin(
    [
      { kind: kinds.JOIN_REQUEST, content: '', tags: [['h', 'plaza']] },
      'restricted: pending: an admin will look at it',
    ],
    [{ kind: kinds.JOIN_REQUEST, content: '', tags: [['h', 'market']] }, 'restricted: no'],
    [{ kind: kinds.MY_GROUPS, content: '', tags: [] }, 'invalid: a newer version of this is already stored'],
  );
  expect(unsent.all).toEqual([]);
});

test('what is too old goes out with a new date; work is done anew', async () => {
  const { city, unsent, first } = await begin([line('old'), 'invalid: too old']);
  const old = first().event.id;
  await unsent.send(first());
  expect(city.options.at(-1)).toMatchObject({ instead: old });
  expect(unsent.all).toEqual([]);
  const work = await begin([heart, 'pow: 7 needs 11 bits']);
  await work.unsent.send(work.first());
  expect(work.city.options.at(-1)).toMatchObject({ work: 11 });
});

test('anything else is sent as it is; who turns back from signing in sends nothing', async () => {
  const { city, unsent, first } = await begin([heart, 'error: no']);
  const { id } = first().event;
  await unsent.send(first());
  expect(city.retried).toEqual([id]);
  const locked = await begin([heart, 'auth-required: who']);
  locked.city.account = undefined;
  await locked.unsent.send(locked.first());
  expect(locked.city.retried).toEqual([]);
  expect(locked.unsent.busy.size).toBe(0);
});

test('a full disk is said, and the thing stays', async () => {
  const { city, unsent, first, toasts } = await begin([line('old'), 'invalid: too old']);
  city.publishFailure = { code: 'storage', message: 'full' };
  await unsent.send(first());
  expect(unsent.all).toHaveLength(1);
  expect(toasts).toMatchObject([{ tone: 'danger', text: expect.stringMatching(/space/) }]);
});

test('giving up can be undone for a moment', async () => {
  const { city, unsent, first, toasts, pass } = await begin([heart, 'error: no']);
  unsent.discard(first());
  expect(unsent.all).toEqual([]);
  toasts[0]?.undo?.();
  expect(unsent.all).toHaveLength(1);
  pass();
  expect(city.discarded).toEqual([]);
  const { id } = first().event;
  unsent.discard(first());
  pass();
  expect(city.discarded).toEqual([id]);
});

test('each sort of thing has words, and strange ones too', () => {
  const words = [
    fakeEvent(line('See you\u202e there')),
    fakeEvent(heart),
    fakeEvent({
      kind: kinds.CREATE_GROUP,
      tags: [
        ['h', 'x'],
        ['name', 'Harbour'],
      ],
    }),
    fakeEvent({ kind: kinds.DELETION }),
    fakeEvent({ kind: kinds.JOIN_REQUEST, tags: [['h', 'x']] }),
    fakeEvent({ kind: kinds.REMOVE_USER, tags: [['h', 'x']] }),
    fakeEvent({ kind: kinds.PROFILE }),
    fakeEvent({ kind: 54_321 }),
  ].map(unsentWords);
  expect(new Set(words).size).toBe(words.length);
  expect(words[0]).toContain('See you');
  expect(words.join()).not.toContain('\u202e');
  expect(words[1]).toContain('🎉');
  expect(words[2]).toContain('Harbour');
});
