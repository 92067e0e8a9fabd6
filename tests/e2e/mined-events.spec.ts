/**
 * Work that is real: events mined in a browser by the parts that the city ships, under the city's own rules for scripts, checked
 * with another library and taken by the relay at its true prices.
 */
import { readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { build } from 'esbuild';
import { getPow } from 'nostr-tools/nip13';
import { finalizeEvent, generateSecretKey, getPublicKey, verifyEvent } from 'nostr-tools/pure';
import type { VerifiedEvent } from 'nostr-tools/pure';
import WebSocket from 'ws';
import { eventId } from '#protocol/event.ts';
import type { Draft, UnsignedEvent } from '#protocol/event.ts';
import { makeCreateGroup } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Geohash } from '#shared/geohash.ts';
import type { KernelName } from '#client/mining/kernels/kernel.ts';
import { CityProcess } from './city-process.ts';
import type { BuiltMining, MinedEventsPage, MiningOrder } from './mined-events-page.ts';
import { ask } from './relay-client.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let page: Page;
let built: BuiltMining;
let rules: string;

const BUILT = 'build/client/_app/immutable';
const builtFile = (folder: string, pattern: RegExp): string => {
  const found = readdirSync(`${BUILT}/${folder}`).filter((file) => pattern.test(file));
  expect(found).toHaveLength(1);
  return `/_app/immutable/${folder}/${found[0]}`;
};

const bundledPage = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: ['tests/e2e/mined-events-page.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
};

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'real' });
  built = {
    worker: builtFile('workers', /^mining\.worker-.*\.js$/),
    kernels: {
      simd: builtFile('assets', /^simd\..*\.wasm$/),
      scalar: builtFile('assets', /^scalar\..*\.wasm$/),
    },
  };
  page = await browser.newPage();
  const answer = await page.goto(city.url);
  const meta = page.locator('meta[http-equiv="content-security-policy" i]');
  rules =
    answer?.headers()['content-security-policy'] ??
    (await meta.getAttribute('content', { timeout: 5000 })) ??
    '';
  await page.evaluate(await bundledPage());
});

test.afterAll(async () => {
  await page?.close();
  await city?.stop();
});

const inPage = <Name extends keyof MinedEventsPage>(
  name: Name,
  ...values: Parameters<MinedEventsPage[Name]>
) =>
  page.evaluate(
    ([called, given]) => {
      const { minedEvents } = globalThis as unknown as {
        minedEvents: Record<string, (...args: readonly unknown[]) => unknown>;
      };
      return minedEvents[called]?.(...given);
    },
    [name as string, values as readonly unknown[]] as const,
  ) as Promise<Awaited<ReturnType<MinedEventsPage[Name]>>>;

const now = (): number => Math.floor(Date.now() / 1000);

/** Mines a draft in the browser for somebody, and lets them sign it. */
const mineFor = async (
  key: Uint8Array,
  draft: Draft,
  bits: number,
  kernel: KernelName = 'simd',
): Promise<VerifiedEvent> => {
  const event: UnsignedEvent = { ...draft, created_at: draft.created_at ?? now(), pubkey: getPublicKey(key) };
  const order: MiningOrder = { built, event, bits, kernel };
  const mined = await inPage('mine', order);
  expect({ ...mined, tags: mined.tags.slice(0, -1), created_at: 0 }).toEqual({ ...event, created_at: 0 });
  const tags = mined.tags.map((tag) => [...tag]);
  const { kind, content, created_at } = mined;
  const signed = finalizeEvent({ kind, content, created_at, tags }, key);
  expect(signed.id).toBe(eventId(mined));
  return signed;
};

/** What somebody else's library says of an event's work. */
const expectWork = (event: VerifiedEvent, bits: number): void => {
  expect(getPow(event.id)).toBeGreaterThanOrEqual(bits);
  expect(event.tags.at(-1)).toEqual(['nonce', expect.stringMatching(/^[A-Za-z0-9_-]+$/), String(bits)]);
  expect(verifyEvent(JSON.parse(JSON.stringify(event)) as VerifiedEvent)).toBe(true);
};

/** The relay's answer to an event. */
const publish = (event: VerifiedEvent): Promise<{ readonly isTaken: boolean; readonly reason: string }> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(city.relay);
    socket.on('open', () => socket.send(JSON.stringify(['EVENT', event])));
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => {
      const [type, id, isTaken, reason] = JSON.parse(data.toString()) as [string, string, boolean, string];
      if (type !== 'OK' || id !== event.id) return;
      socket.close();
      resolve({ isTaken, reason });
    });
  });

const expectTaken = async (event: VerifiedEvent): Promise<void> => {
  expect(await publish(event)).toEqual({ isTaken: true, reason: '' });
};

const ada = generateSecretKey();
const GROUP = 'mined-harbour';
const CELL = 'u33dc1' as Geohash;
const HIDDEN = 'cd'.repeat(32);
const blockList = (content = ''): Draft => ({ kind: kinds.BLOCK_LIST, tags: [['p', HIDDEN]], content });
const profile = (about: string): Draft => ({
  kind: kinds.PROFILE,
  tags: [],
  content: JSON.stringify({ name: 'Ada', about }),
});
const callStarted = (): Draft => ({ kind: kinds.CALL_STARTED, tags: [['h', GROUP]], content: '' });
const UNICODE = 'Zürich — “quay” 波止場 🏊‍♀️ \\ "quoted"\n\ttabs \u2028 \u007f مرفأ ';

test('the page may compile WebAssembly and nothing else', async () => {
  const scripts = rules
    .split(';')
    .map((rule) => rule.trim().split(/\s+/))
    .find(([name]) => name === 'script-src');
  const others = scripts?.slice(1).filter((source) => !/^'sha(256|384|512)-/.test(source));
  expect(others).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  expect(await inPage('makesPrograms')).toBe(false);
});

test('12 bits: a block list is taken', async () => {
  const event = await mineFor(ada, blockList(), 12);
  expectWork(event, 12);
  await expectTaken(event);
});

test('16 bits, where 12 are asked: more is fine', async () => {
  const event = await mineFor(generateSecretKey(), blockList(), 16);
  expectWork(event, 16);
  await expectTaken(event);
});

test('20 bits: a profile is taken', async () => {
  const event = await mineFor(ada, profile('Swims before work.'), 20);
  expectWork(event, 20);
  await expectTaken(event);
});

test('28 bits: a place is made, and its creator is its admin', async () => {
  test.setTimeout(900_000);
  const open = { closed: false, private: false, hidden: false, restricted: false };
  const place = makeCreateGroup(GROUP, { name: 'Mined Harbour', about: UNICODE, geohash: CELL, modes: open });
  const event = await mineFor(ada, place, 28);
  expectWork(event, 28);
  await expectTaken(event);
  const [metadata] = await ask(city.relay, { kinds: [kinds.GROUP_METADATA], '#d': [GROUP] });
  expect(metadata?.tags).toContainEqual(['name', 'Mined Harbour']);
  const [admins] = await ask(city.relay, { kinds: [kinds.GROUP_ADMINS], '#d': [GROUP] });
  expect(admins?.tags.find(([name]) => name === 'p')?.[1]).toBe(getPublicKey(ada));
});

test('24 bits: a call begins in that place', async () => {
  const event = await mineFor(ada, callStarted(), 24);
  expectWork(event, 24);
  await expectTaken(event);
});

test.describe('one bit too few', () => {
  for (const [words, draft, bits] of [
    ['a block list', blockList, 11],
    ['a profile', () => profile('Lazy.'), 19],
    ['a call', callStarted, 23],
  ] as const)
    test(`${words} with ${bits} bits is refused for its work`, async () => {
      const event = await mineFor(generateSecretKey(), draft(), bits);
      expectWork(event, bits);
      const { isTaken, reason } = await publish(event);
      expect(isTaken).toBe(false);
      expect(reason).toMatch(new RegExp(`^pow: .*needs ${bits + 1} bits, has ${bits}`));
    });
});

test('a profile in every script, several blocks long behind its nonce', async () => {
  const event = await mineFor(generateSecretKey(), profile(UNICODE.repeat(6)), 20);
  expectWork(event, 20);
  await expectTaken(event);
  expect(await ask(city.relay, { ids: [event.id] })).toEqual([JSON.parse(JSON.stringify(event))]);
});

test('20,000 characters behind the nonce', async () => {
  const event = await mineFor(generateSecretKey(), blockList('é☂𝄞x'.repeat(4000)), 12);
  expectWork(event, 12);
  await expectTaken(event);
});

test('tags before the nonce in any length and script', async () => {
  for (let length = 0; length < 64; length += 7) {
    const draft = {
      ...blockList(),
      tags: [
        ['p', HIDDEN],
        ['word', `${'w'.repeat(length)}${UNICODE}`],
      ],
    };
    const event = await mineFor(generateSecretKey(), draft, 12);
    expectWork(event, 12);
    await expectTaken(event);
  }
});

for (const kernel of ['scalar', 'script'] as const)
  test(`the ${kernel} kernel mines in this browser too`, async () => {
    for (const content of ['', UNICODE]) {
      const event = await mineFor(generateSecretKey(), blockList(content), 12, kernel);
      expectWork(event, 12);
      await expectTaken(event);
    }
  });
