import { finalizeEvent, generateSecretKey, verifyEvent } from 'nostr-tools/pure';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { NOTE, PROFILE } from '#protocol/kinds.ts';
import { encodeRelayMessage } from '#protocol/relay/messages.ts';
import type { Socket } from '../relays/ports.ts';
import { ShortLine } from './short-line.ts';

/** A socket whose other end is the test. */
class TestSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: unknown[] = [];
  isClosed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.isClosed = true;
  }
  says(...frames: readonly unknown[]): void {
    for (const data of frames) this.onmessage?.({ data });
  }
}

const key = generateSecretKey();
/** As it comes over a wire: nostr-tools leaves a mark on events that it has signed itself. */
const signed = (content: string, kind = NOTE, group = 'pier'): NostrEvent =>
  JSON.parse(
    JSON.stringify(finalizeEvent({ kind, content, tags: [['h', group]], created_at: 1_800_000_000 }, key)),
  ) as NostrEvent;
const verify = (event: NostrEvent): boolean =>
  verifyEvent({ ...event, tags: event.tags.map((tag) => [...tag]) });
const filters = [{ kinds: [NOTE], '#h': ['pier'] }];
const eventFrame = (event: NostrEvent, id = 'w1'): string => encodeRelayMessage(['EVENT', id, event]);

const opened = () => {
  const socket = new TestSocket();
  const line = new ShortLine('wss://city.test', 8000, { sockets: () => socket, verify });
  return { socket, line };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('asks once it is open, and gives what was stored', async () => {
  const { socket, line } = opened();
  const answer = line.ask(filters);
  expect(socket.sent).toEqual([]);
  socket.onopen?.();
  expect(socket.sent).toEqual([['REQ', 'w1', ...filters]]);
  const [one, two] = [signed('one'), signed('two')];
  socket.says(eventFrame(one), eventFrame(two), eventFrame(one), '["EOSE","w1"]');
  expect(await answer).toEqual({ end: 'complete', events: [one, two] });
  const second = line.ask([{ kinds: [PROFILE] }]);
  socket.says('["EOSE","w2"]');
  expect(await second).toEqual({ end: 'complete', events: [] });
  line.close();
  expect(socket.isClosed).toBe(true);
});

test('takes nothing that was not asked for, or whose id or signature does not hold', async () => {
  const { socket, line } = opened();
  socket.onopen?.();
  const answer = line.ask(filters);
  const honest = signed('honest');
  socket.says(
    eventFrame({ ...honest, content: 'changed' }),
    eventFrame({ ...honest, sig: '0'.repeat(128) }),
    eventFrame({ ...honest, id: 'f'.repeat(64) }),
    eventFrame(signed('elsewhere', NOTE, 'tower')),
    eventFrame(signed('a name', PROFILE)),
    eventFrame(honest, 'w9'),
    'nonsense',
    new ArrayBuffer(3),
    '["EVENT","w1",{}]',
    '["EOSE","w1"]',
  );
  expect(await answer).toEqual({ end: 'complete', events: [] });
  line.close();
});

test('a relay that wants a key first has refused', async () => {
  const { socket, line } = opened();
  socket.onopen?.();
  const answer = line.ask(filters);
  socket.says('["AUTH","challenge"]', '["CLOSED","w1","auth-required: prove your key"]');
  expect((await answer).end).toBe('refused');
  line.close();
});

test('silence ends with the time, with what has come so far', async () => {
  const { socket, line } = opened();
  const never = line.ask(filters);
  socket.onopen?.();
  const event = signed('one');
  socket.says(eventFrame(event));
  vi.advanceTimersByTime(7999);
  expect(socket.isClosed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await never).toEqual({ end: 'silent', events: [event] });
  expect(socket.isClosed).toBe(true);
  expect(await line.ask(filters)).toEqual({ end: 'silent', events: [] });
});

test('a line that cannot be opened, or breaks, is silent at once', async () => {
  const broken = new ShortLine('nonsense', 8000, {
    sockets: () => {
      throw new Error('no such address');
    },
    verify,
  });
  expect((await broken.ask(filters)).end).toBe('silent');
  const { socket, line } = opened();
  const answer = line.ask(filters);
  socket.onclose?.();
  expect((await answer).end).toBe('silent');
});

test('a relay that does not stop is not listened to for ever', async () => {
  const socket = new TestSocket();
  const line = new ShortLine('wss://city.test', 8000, { sockets: () => socket, verify: () => true });
  const answer = line.ask(filters);
  socket.onopen?.();
  const event = signed('one');
  for (let n = 0; n < 600; n++) socket.says(eventFrame({ ...event, id: n.toString(16).padStart(64, '0') }));
  expect((await answer).events.length).toBe(500);
  line.close();
});
