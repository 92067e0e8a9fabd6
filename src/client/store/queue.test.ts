import { expect, test } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { logKey } from './log-keys.ts';
import type { LocalEvent } from './local-events.ts';
import { queueChanges } from './queue.ts';

const event = fakeEvent({ kind: 1, tags: [['h', 'harbour']] });
const { id } = event;
const relay = 'wss://a.test';

test('a signed event waits for each of its relays, in its conversation', () => {
  const [first, second] = queueChanges(
    { type: 'EventSigned', v: 1, event, relays: [relay, 'wss://b.test'] },
    7,
  );
  expect(first).toEqual({
    do: 'add',
    entry: { id, relay, event, conversation: 'harbour', order: 7, state: 'waiting', reason: '' },
  });
  expect(second).toMatchObject({ entry: { relay: 'wss://b.test' } });
  const alone = fakeEvent({ kind: 0 });
  expect(queueChanges({ type: 'EventSigned', v: 1, event: alone, relays: [relay] }, 1)).toMatchObject([
    { entry: { conversation: alone.id } },
  ]);
});

test('answers and the person’s hand take it out; nothing else touches the queue', () => {
  expect(queueChanges({ type: 'EventAccepted', v: 1, id, relay, note: '' }, 1)).toEqual([
    { do: 'drop', id, relay },
  ]);
  expect(queueChanges({ type: 'EventRejected', v: 1, id, relay, reason: 'pow: x' }, 1)).toEqual([
    { do: 'refuse', id, relay, reason: 'pow: x' },
  ]);
  expect(queueChanges({ type: 'EventDiscarded', v: 1, id }, 1)).toEqual([{ do: 'drop-all', id }]);
  expect(queueChanges({ type: 'RelayEventSeen', v: 1, event, relay }, 1)).toEqual([]);
});

test('what may happen once has a key, what may happen again has none', () => {
  const once: LocalEvent[] = [
    { type: 'RelayEventSeen', v: 1, event, relay },
    { type: 'EventSigned', v: 1, event, relays: [] },
    { type: 'EventAccepted', v: 1, id, relay, note: '' },
    { type: 'EventAccepted', v: 1, id, relay: 'wss://b.test', note: '' },
    { type: 'EventDiscarded', v: 1, id },
  ];
  expect(new Set(once.map(logKey)).size).toBe(once.length);
  expect(logKey({ type: 'RelayEventSeen', v: 1, event, relay: 'wss://b.test' })).toBe(logKey(once[0]!));
  const often: LocalEvent[] = [
    { type: 'EventRejected', v: 1, id, relay, reason: '' },
    { type: 'DraftKept', v: 1, conversation: 'a', text: '', at: 1 },
    { type: 'ConversationRead', v: 1, conversation: 'a', upTo: 1 },
    { type: 'SettingChanged', v: 1, name: 'a', value: 1 },
  ];
  expect(often.map(logKey)).toEqual([undefined, undefined, undefined, undefined]);
});
