import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { FakeNet } from '../../../tests/support/fake-relay.ts';
import { MemoryQueue } from '../../../tests/support/memory-queue.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { Relay } from '../relays/relay.ts';
import { Outbox } from './outbox.ts';
import type { Locks } from './ports.ts';

const URL = 'wss://a.test';
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What can go wrong while lines are on their way. */
const mishap = fc.constantFrom(
  'die',
  'offline',
  'online',
  'silent',
  'speak',
  'busy',
  'lose the answer',
  'calm',
  'wait',
);

const locks = (): Locks => {
  let last = Promise.resolve();
  return { hold: (_name, work) => (last = last.then(work)) };
};

test('on any sea, from two tabs, every line arrives once and in its conversation’s order', async () => {
  const plan = fc.array(fc.tuple(mishap, fc.constantFrom('a', 'b'), fc.boolean()), {
    minLength: 1,
    maxLength: 25,
  });
  await fc.assert(
    fc.asyncProperty(plan, async (steps) => {
      const net = new FakeNet();
      const sea = net.at(URL);
      const queue = new MemoryQueue();
      const lock = locks();
      const tabs = [0, 1].map(() => {
        const awake: { wake?: () => void } = {};
        const relay = new Relay({
          url: URL,
          ports: net.ports,
          stateChanged: (state) => state === 'open' && awake.wake?.(),
        });
        const box = new Outbox({
          queue,
          locks: lock,
          lock: 'x',
          append: queue.append,
          publish: (_url, event) => relay.publish(event),
          random: () => 0.5,
        });
        awake.wake = () => box.wake(URL);
        return { relay, box };
      });
      const written: NostrEvent[] = [];
      for (const [what, group, writes] of steps) {
        if (what === 'die') sea.dieAll();
        if (what === 'offline' || what === 'online') net.setOnline(what === 'online');
        if (what === 'silent' || what === 'speak') sea.isSilent = what === 'silent';
        if (what === 'busy') sea.answer = () => [false, 'rate-limited: later'];
        if (what === 'calm') sea.answer = () => [true, ''];
        if (what === 'lose the answer')
          sea.answer = (event) => {
            sea.publish(event);
            sea.dieAll();
            return undefined;
          };
        if (writes) {
          const event = fakeEvent({ kind: 1, content: `${written.length}`, tags: [['h', group]] });
          written.push(event);
          await queue.append([{ type: 'EventSigned', v: 1, event, relays: [URL] }]);
        }
        await vi.advanceTimersByTimeAsync(what === 'wait' ? 20_000 : 700);
      }
      sea.isSilent = false;
      sea.answer = () => [true, ''];
      net.setOnline(true);
      await vi.advanceTimersByTimeAsync(5 * 60_000);
      for (const { relay, box } of tabs) {
        box.stop();
        relay.close();
      }
      const inOrder = (events: readonly NostrEvent[], group: string) =>
        events.filter((event) => event.tags[0]?.[1] === group).map((event) => event.content);
      for (const group of ['a', 'b']) expect(inOrder(sea.events, group)).toEqual(inOrder(written, group));
      expect(await queue.entries()).toEqual([]);
      const accepted = queue.log.flatMap((event) => (event.type === 'EventAccepted' ? [event.id] : []));
      expect(accepted.length).toBe(written.length);
      expect(new Set(accepted)).toEqual(new Set(written.map((event) => event.id)));
    }),
    { numRuns: 40 },
  );
});
