/** A device that was away: what was said meanwhile, however much, however late, and taken back, is there without anybody scrolling. */
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { EngineHost } from '../../src/client/engine/host.ts';
import { verifyHere } from '../../src/client/engine/verify-batch.ts';
import { createVerifier } from '../../src/client/engine/verifying.ts';
import { directProjection } from '../../src/client/direct/projection.ts';
import { WAITING } from '../../src/client/direct/tables.ts';
import type { Socket } from '../../src/client/relays/ports.ts';
import type { ProfileKeys } from '../../src/client/store/profiles/profile-keys.ts';
import { chatProjection } from '../../src/features/chat/projection.ts';
import type { LineRow } from '../../src/features/chat/rows/tables.ts';
import { followedPlaces, groupsProjection } from '../../src/features/groups/projection.ts';
import { makeAuth } from '#protocol/relay/auth.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { DAY, MINUTE } from '#shared/time.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { FakeOrigin, noNews } from '../support/fake-tabs.ts';
import { MemoryRegister } from '../support/memory-register.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { makeProfileKeys, plainCompressor } from '../support/profile-keys.ts';
import { startTestCity } from '../support/server.ts';

let city: City;
let writer: Client;
beforeAll(async () => {
  city = await startTestCity();
  writer = await Client.connect(city.relayUrl);
});
vi.setConfig({ testTimeout: 90_000 });
afterAll(async () => {
  writer.close();
  await city.close();
});

const now = () => Math.floor(Date.now() / 1000);
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 40_000, interval: 50 });

/** The machine's network, with a plug. */
class Plug {
  #isOnline = true;
  readonly #watchers = new Set<() => void>();
  isOnline = () => this.#isOnline;
  watch = (changed: () => void) => {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  };
  set(isOnline: boolean): void {
    this.#isOnline = isOnline;
    this.#watchers.forEach((changed) => changed());
  }
}

class Device {
  readonly person: Person;
  readonly plug = new Plug();
  /** Verbs sent to the city. */
  readonly sent: string[] = [];
  readonly #keys: ProfileKeys;
  #host: EngineHost | undefined;

  constructor(person: Person, keys: ProfileKeys) {
    this.person = person;
    this.#keys = keys;
  }

  /** Opens the app: nobody looks at any conversation. `signer` false: the key on this device is locked. */
  async open(signer = true): Promise<void> {
    const { locks } = new FakeOrigin().tab();
    const host = new EngineHost([groupsProjection, chatProjection, directProjection], {
      relays: {
        sockets: (url) => this.#socket(url),
        network: this.plug,
        random: Math.random,
        now: Date.now,
      },
      locks,
      outboxNews: noNews,
      verify: verifyHere(createVerifier()),
      compressor: () => Promise.resolve(plainCompressor),
      register: new MemoryRegister(),
      followed: followedPlaces,
    });
    this.#host = host;
    const options = { relay: city.relayUrl, relayKey: city.pubkey, keys: this.#keys };
    const opened = await host.open(options, () => undefined);
    if (!opened.ok) throw new Error(opened.error.message);
    if (signer) this.signIn();
  }

  signIn(): void {
    this.#host?.setAuthenticator((relay, challenge) =>
      Promise.resolve(this.person.sign(makeAuth(relay, challenge))),
    );
  }

  /** What the page asks for while it shows the list of places. */
  followLists(place: string): void {
    const lists = [kinds.GROUP_METADATA, kinds.GROUP_ADMINS, kinds.GROUP_MEMBERS];
    this.#host?.subscribe(1, { filters: [{ kinds: lists, '#d': [place] }] });
  }

  async lines(place: string): Promise<LineRow[]> {
    return (await this.#host?.part('lines', { part: place })) as LineRow[];
  }

  /** Sealed letters that came, opened by nobody yet. */
  letters(): Promise<number> {
    return this.#host?.count('wraps', WAITING) ?? Promise.resolve(0);
  }

  /** How far it knows its places to be whole. */
  cursors(): Promise<unknown> {
    return this.#host?.readMeta('catching-up') ?? Promise.resolve(undefined);
  }

  async texts(place: string): Promise<string[]> {
    return (await this.lines(place)).map(({ text, deletedBy }) => (deletedBy ? 'taken away' : text));
  }

  async close(): Promise<void> {
    await this.#host?.close();
    this.#host = undefined;
  }

  #socket(url: string): Socket {
    const socket = new WebSocket(url);
    const send = (text: string): void => {
      this.sent.push(String((JSON.parse(text) as unknown[])[0]));
      socket.send(text);
    };
    const own: Socket = { onopen: null, onmessage: null, onclose: null, send, close: () => socket.close() };
    socket.on('open', () => own.onopen?.());
    socket.on('message', (data: Buffer) => own.onmessage?.({ data: data.toString() }));
    socket.on('close', () => own.onclose?.());
    socket.on('error', () => undefined);
    return own;
  }
}

let count = 0;
/** Anna's place, with Ben in it, and a device of Ben's that has it all. */
const setUp = async (modes: Parameters<typeof makePlace>[1] = {}, lines = 20) => {
  const [anna, ben] = [makePerson(), makePerson()];
  const place = `away${++count}`;
  expect(await writer.publish(anna.sign(makePlace(place, modes)))).toEqual([true, '']);
  expect(await writer.publish(anna.sign(groups.makePutUser(place, ben.pubkey)))).toEqual([true, '']);
  const first = await say(anna, place, 'before', lines, now() - 40 * MINUTE);
  const device = new Device(ben, await makeProfileKeys());
  await device.open();
  device.followLists(place);
  await eventually(async () => expect(await device.lines(place)).toHaveLength(lines));
  await eventually(async () => expect(JSON.stringify(await device.cursors())).toContain(place));
  return { anna, ben, place, device, first };
};

/** Lines one second apart, the last one at `at`, without waiting for each answer. */
const say = async (author: Person, place: string, words: string, lines: number, at = now()) => {
  const events = Array.from({ length: lines }, (_, n) =>
    author.sign({ ...makeLine(place, `${words} ${n}`), created_at: at - lines + n }),
  );
  const last = events.at(-1)?.id;
  const answered = writer.later(([type, id]) => type === 'OK' && id === last);
  for (const event of events) writer.raw(JSON.stringify(['EVENT', event]));
  await answered;
  return events;
};
const put = async (...events: NostrEvent[]) => {
  for (const event of events) expect(await writer.publish(event)).toEqual([true, '']);
};

describe('what happened while a device was away', () => {
  test('far more lines than a relay gives at once, a late one, and deletions, are all there', async () => {
    const { anna, place, device, first } = await setUp();
    await device.close();

    await say(anna, place, 'meanwhile', 1200);
    const late = anna.sign({ ...makeLine(place, 'written in the mountains'), created_at: now() - 6 * DAY });
    const [own, nameless] = [first[3]?.id ?? '', first[4]?.id ?? ''];
    await put(
      late,
      anna.sign({
        kind: kinds.DELETION,
        content: '',
        tags: [
          ['e', own],
          ['h', place],
        ],
      }),
      // A deletion need not say where (NIP-09): no question about the place finds it.
      anna.sign({ kind: kinds.DELETION, content: '', tags: [['e', nameless]] }),
    );

    await device.open();
    await eventually(async () => expect(await device.lines(place)).toHaveLength(1221));
    await eventually(async () => {
      const texts = await device.texts(place);
      expect(texts.filter((text) => text === 'taken away')).toHaveLength(2);
      expect(texts).toContain('written in the mountains');
      expect(new Set(texts.filter((text) => text.startsWith('meanwhile'))).size).toBe(1200);
    });
    await device.close();
  });

  test('more letters than a relay gives at once are all there, and nobody else’s', async () => {
    const [ben, eve] = [makePerson(), makePerson()];
    const stranger = makePerson();
    const letters = Array.from({ length: 1300 }, (_, n) =>
      stranger.sign({
        kind: kinds.GIFT_WRAP,
        content: `sealed ${n}`,
        tags: [['p', n < 1200 ? ben.pubkey : eve.pubkey]],
        created_at: now() - n * 200,
      }),
    );
    const last = letters.at(-1)?.id;
    const answered = writer.later(([type, id]) => type === 'OK' && id === last);
    for (const letter of letters) writer.raw(JSON.stringify(['EVENT', letter]));
    await answered;
    const device = new Device(ben, await makeProfileKeys());
    await device.open();
    await eventually(async () => expect(await device.letters()).toBe(1200));
    await device.close();
  });

  test('a line lost to a gap in the middle is found, and nothing else is fetched', async () => {
    const { anna, place, device } = await setUp();
    await device.close();
    const gap = anna.sign({ ...makeLine(place, 'in between'), created_at: now() - 3 * DAY });
    await put(gap);
    device.sent.length = 0;
    await device.open();
    await eventually(async () => expect(await device.texts(place)).toContain('in between'));
    // One comparison for the place, one for the letters.
    expect(device.sent.filter((verb) => verb === 'NEG-OPEN')).toHaveLength(2);
    expect(device.sent.filter((verb) => verb === 'REQ')).toHaveLength(1);
    await device.close();

    device.sent.length = 0;
    await device.open();
    await eventually(async () => expect(device.sent).toContain('NEG-CLOSE'));
    expect(device.sent.filter((verb) => verb === 'REQ')).toEqual([]);
    await device.close();
  });
});

test('a link that was cut and is there again: the same, in the running app', async () => {
  const { anna, place, device } = await setUp();
  device.plug.set(false);
  await say(anna, place, 'through the tunnel', 600);
  device.plug.set(true);
  await eventually(async () => expect(await device.lines(place)).toHaveLength(620));
  await device.close();
});

test('a private place waits for whoever can prove their key, and is then caught up on', async () => {
  const { anna, place, device } = await setUp({ private: true, closed: true }, 5);
  await device.close();
  await say(anna, place, 'among us', 30);
  device.sent.length = 0;
  await device.open(false);
  await eventually(async () => expect(device.sent).toContain('NEG-OPEN'));
  await new Promise((later) => setTimeout(later, 300));
  expect(await device.lines(place)).toHaveLength(5);
  device.signIn();
  await eventually(async () => expect(await device.lines(place)).toHaveLength(35));
  await device.close();
});
