import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { matchesAny } from '#protocol/filters.ts';
import { NOTE, PROFILE } from '#protocol/kinds.ts';
import { makeLine } from '#protocol/messages.ts';
import { encodePushPayload } from '#protocol/push.ts';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { answerWake } from './answer.ts';
import type { AnswerPorts, ShownNotice } from './answer.ts';
import type { WakeCard, WakePlace } from './card.ts';
import type { Notice } from './notice.ts';
import type { LineAnswer } from './short-line.ts';
import type { Woken } from './woken.ts';

const [me, ada, ben] = [fakeKey('a1'), fakeKey('ad'), fakeKey('be')];
const now = 1_800_000_000;
const TAG = '7'.repeat(32);
const push = encodePushPayload({ tag: TAG, test: false });
const plain = (text: string): string => text.replace(/[\u2068\u2069]/gu, '');

const place = (id: string, parts: Partial<WakePlace> = {}): WakePlace => ({
  id,
  name: `The ${id}`,
  level: 'all',
  mutedUntil: 0,
  isClosed: false,
  readUpTo: 0,
  ...parts,
});
const cardOf = (...places: WakePlace[]): WakeCard => ({
  relay: 'wss://city.test',
  pubkey: me,
  showsWords: true,
  seenUpTo: now - 3600,
  places,
  shunned: { people: [], words: [] },
});
const said = (
  group: string,
  text: string,
  parts: { pubkey?: string; at?: number; mentions?: string[] } = {},
) =>
  fakeEvent({
    ...makeLine({ group, kind: NOTE, text, mentions: parts.mentions ?? [] }),
    pubkey: parts.pubkey ?? ada,
    created_at: parts.at ?? now - 1,
  });
const named = (pubkey: string, name: string) =>
  fakeEvent({ kind: PROFILE, pubkey, content: JSON.stringify({ name }) });

/** A device with one profile, a relay, a tray of notifications and a window or none. */
class FakeDevice implements AnswerPorts {
  card: WakeCard | undefined = cardOf(place('pier'));
  kind: Woken['kind'] = 'open';
  relay: NostrEvent[] = [named(ada, 'Ada Lind')];
  end: LineAnswer['end'] = 'complete';
  visible = false;
  readonly tray = new Map<string, Notice & ShownNotice>();
  told: string[] = [];
  asked: string[] = [];
  closed = 0;
  time = now;
  readonly words = {
    city: 'City',
    newMessage: 'New message',
    lockedNews: 'Something new in the city',
    look: 'Open the city',
    test: 'It works',
    someone: (key: string) => `Someone (${key})`,
    line: (who: string, text: string) => `${who}: ${text}`,
    lines: (count: number, who: string, text: string) => `${count} new lines. ${who}: ${text}`,
  };
  open(tag: string): Promise<Woken> {
    if (tag !== TAG || this.kind === 'stranger') return Promise.resolve({ kind: 'stranger' });
    if (this.kind === 'locked') return Promise.resolve({ kind: 'locked', profile: 'p' });
    return Promise.resolve({
      kind: 'open',
      profile: 'p',
      card: this.card,
      told: new Set(this.told),
      tell: (ids) => Promise.resolve(void this.told.push(...ids)),
      close: () => void (this.closed += 1),
    });
  }
  line(url: string): ReturnType<AnswerPorts['line']> {
    this.asked.push(url);
    return {
      ask: (filters) =>
        Promise.resolve({
          end: this.end,
          events: this.end === 'complete' ? this.relay.filter((event) => matchesAny(filters, event)) : [],
        }),
      close: () => void (this.closed += 1),
    };
  }
  isVisible = () => Promise.resolve(this.visible);
  shown = () => Promise.resolve(this.tray);
  show = (notice: Notice) =>
    Promise.resolve(void this.tray.set(notice.tag, { ...notice, count: notice.count ?? 1, at: this.time }));
  now = () => this.time;
  get texts(): string[] {
    return [...this.tray.values()].map(({ title, body }) => plain(`${title} | ${body}`));
  }
}

test('a line is told with its place, its author and its words', async () => {
  const device = new FakeDevice();
  device.relay.push(said('pier', 'The kettle is on'));
  expect(await answerWake(push, device)).toEqual({ why: 'push', end: 'shown' });
  expect(device.texts).toEqual(['The pier | Ada Lind: The kettle is on']);
  expect(device.tray.get('pier')).toMatchObject({ path: '/g/pier', conversation: 'pier', isNews: true });
  expect(device.closed).toBe(2);
});

test('each place has a notification of its own; somebody without a name has a short one', async () => {
  const device = new FakeDevice();
  device.card = cardOf(place('pier'), place('tower', { level: 'mentions' }));
  device.relay.push(
    said('pier', 'one', { at: now - 9 }),
    said('pier', 'two', { at: now - 8, pubkey: ben }),
    said('tower', 'not for me'),
    said('tower', 'for me', { mentions: [me] }),
  );
  await answerWake(push, device);
  expect(device.texts).toEqual([
    'The pier | 2 new lines. Someone (bebe): two',
    'The tower | Ada Lind: for me',
  ]);
});

test('what came before is counted on, and nothing is told twice', async () => {
  const device = new FakeDevice();
  device.relay.push(said('pier', 'one'));
  await answerWake(push, device);
  expect(await answerWake(push, device)).toEqual({ why: 'push', end: 'nothing' });
  expect(device.tray.size).toBe(1);
  device.time += 10;
  device.relay.push(said('pier', 'two'));
  await answerWake(push, device);
  expect(device.texts).toEqual(['The pier | 2 new lines. Ada Lind: two']);
  expect(device.tray.get('pier')?.isNews).toBe(false);
  device.time += 60;
  device.relay.push(said('pier', 'three'));
  await answerWake(push, device);
  expect(device.tray.get('pier')).toMatchObject({ isNews: true, count: 3 });
});

test('dismissed is dismissed: the same lines do not come again', async () => {
  const device = new FakeDevice();
  device.relay.push(said('pier', 'one'));
  await answerWake(push, device);
  device.tray.clear();
  expect((await answerWake(push, device)).end).toBe('plain');
  expect(device.texts).toEqual(['City | New message']);
});

test.each([
  ['nothing could be fetched', (device: FakeDevice) => (device.end = 'silent')],
  ['the relay asks for a key', (device: FakeDevice) => (device.end = 'refused')],
  [
    'the place is closed to a look without a key',
    (device: FakeDevice) => (device.card = cardOf(place('pier', { isClosed: true }))),
  ],
  ['there is nothing to see', (device: FakeDevice) => (device.relay = [])],
  [
    'the person wants no words shown',
    (device: FakeDevice) => (device.card = { ...cardOf(place('pier')), showsWords: false }),
  ],
  ['no page has left a card', (device: FakeDevice) => (device.card = undefined)],
])('a new message without names where %s', async (_why, change) => {
  const device = new FakeDevice();
  device.relay.push(said('pier', 'a secret'));
  change(device);
  expect(await answerWake(push, device)).toEqual({ why: 'push', end: 'plain' });
  expect(device.texts).toEqual(['City | New message']);
  expect(device.tray.get('city')?.path).toBe('/messages');
});

test('a wake that can only be a letter makes no sound: a stranger may have written it', async () => {
  const device = new FakeDevice();
  await answerWake(push, device);
  expect(device.tray.get('city')).toMatchObject({ isSilent: true, body: 'New message' });
  device.tray.clear();
  device.card = cardOf();
  await answerWake(push, device);
  expect(device.tray.get('city')).toMatchObject({ isSilent: true });
});

test('where a place may have spoken it does', async () => {
  const device = new FakeDevice();
  device.card = cardOf(place('pier', { isClosed: true }));
  await answerWake(push, device);
  expect(device.tray.get('city')).not.toHaveProperty('isSilent');
});

test('where no words are shown the relay is not even asked', async () => {
  const device = new FakeDevice();
  device.card = { ...cardOf(place('pier')), showsWords: false };
  await answerWake(push, device);
  expect(device.asked).toEqual([]);
});

test('a locked profile tells no names, and asks nobody', async () => {
  const device = new FakeDevice();
  device.kind = 'locked';
  device.relay.push(said('pier', 'a secret'));
  expect(await answerWake(push, device)).toEqual({ why: 'push', end: 'locked' });
  expect(device.texts).toEqual(['City | Something new in the city']);
  expect(device.asked).toEqual([]);
});

test.each([
  ['another name', encodePushPayload({ tag: '8'.repeat(32), test: false })],
  ['words in place of a name', '{"v":1,"tag":"Buy now at evil.test"}'],
  ['more than a name', `{"v":1,"tag":"${TAG}","body":"Buy now"}`],
  ['something else', 'Buy now'],
  ['nothing', undefined],
])('of a stranger’s push nothing is shown: %s', async (_what, text) => {
  const device = new FakeDevice();
  expect(await answerWake(text, device)).toEqual({ why: 'push', end: 'stranger' });
  expect(device.texts).toEqual(['City | Open the city']);
  device.tray.clear();
  device.visible = true;
  expect((await answerWake(text, device)).end).toBe('stranger');
  expect(device.texts).toEqual([]);
});

test('with the city before their eyes nobody is notified', async () => {
  const device = new FakeDevice();
  device.visible = true;
  device.relay.push(said('pier', 'one'));
  expect(await answerWake(push, device)).toEqual({ why: 'push', end: 'visible' });
  expect(device.texts).toEqual([]);
});

test('a test is shown, seen or not, and says that it is one', async () => {
  const device = new FakeDevice();
  device.visible = true;
  expect(await answerWake(encodePushPayload({ tag: TAG, test: true }), device)).toEqual({
    why: 'test',
    end: 'shown',
  });
  expect(device.texts).toEqual(['City | It works']);
});

test('plain notices do not sound again and again', async () => {
  const device = new FakeDevice();
  device.kind = 'locked';
  await answerWake(push, device);
  device.time += 5;
  await answerWake(push, device);
  expect(device.tray.get('city')?.isNews).toBe(false);
});
