import { expect, test } from 'vitest';
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import type { NostrEvent, UnsignedEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { ok, fail } from '#shared/result.ts';
import type { Signer } from '#client/keys/signer.ts';
import type { Published } from '#client/city/city.ts';
import type { Engine } from '#client/engine/engine.ts';
import type { Miner } from '#client/mining/miner.ts';
import { WorkQueue } from '#client/mining/queue/work-queue.ts';
import { FakeBrowser, settle } from '../../../tests/support/work-tabs.ts';
import { Publishing, slotOf, workAsked } from './publishing.ts';

const secret = generateSecretKey();
const signer: Signer = {
  kind: 'device',
  pubkey: getPublicKey(secret),
  sign: (draft) =>
    Promise.resolve(
      ok(finalizeEvent({ ...draft, tags: draft.tags.map((tag) => [...tag]) }, secret) as NostrEvent),
    ),
};

interface Over {
  mine?: Miner['mine'];
  enqueue?: Engine['enqueue'];
  browser?: FakeBrowser;
}

/** Publishing over a real queue; `here.signer` is who is signed in when long work is done. */
const tracked = ({ mine, enqueue, browser = new FakeBrowser() }: Over = {}) => {
  const queued: NostrEvent[] = [];
  const tray: string[] = [];
  const mined: { event: UnsignedEvent; bits: number }[] = [];
  const here: { signer: Signer | undefined } = { signer };
  const { locks, end } = browser.locks();
  const miner = {
    mine:
      mine ??
      ((event: UnsignedEvent, bits: number) => {
        mined.push({ event, bits });
        return Promise.resolve(ok({ ...event, tags: [...event.tags, ['nonce', '1', String(bits)]] }));
      }),
  };
  const clock = { now: () => 1_800_000_000 };
  const work = new WorkQueue<Published>({
    miner,
    locks,
    clock,
    memory: browser.memory(),
    news: browser.news(),
    power: { charging: undefined, watch: () => () => undefined },
    onlyWhileCharging: () => false,
    deliver: (event, item, signal) =>
      here.signer?.pubkey === event.pubkey
        ? publishing.deliver(event, here.signer, { relays: item.relays, instead: item.instead, signal })
        : Promise.resolve(fail('locked', 'nobody is here')),
  });
  const publishing: Publishing = new Publishing({
    engine: {
      enqueue: enqueue ?? ((event) => Promise.resolve(void queued.push(event))),
      answerOf: () => Promise.resolve(ok({ note: '' })),
    },
    miner,
    work,
    tasks: {
      start: (title) => {
        tray.push(title);
        return { update: () => undefined, end: () => void tray.push(`${title} ended`) };
      },
    },
    clock,
    pow: () => ({ [kinds.PROFILE]: 20, [kinds.BLOCK_LIST]: 12, [kinds.CREATE_GROUP]: 28 }),
    describe: () => '',
  });
  return { publishing, queued, tray, mined, work, here, kill: () => (end(), void work.close()) };
};

const line = (group: string, content: string) => ({ kind: kinds.NOTE, content, tags: [['h', group]] });

test('lines of one second keep the order in which they were written, each place by itself', async () => {
  const { publishing, queued } = tracked();
  for (const text of ['one', 'two', 'three']) await publishing.publish(line('harbour', text), signer);
  await publishing.publish(line('market', 'elsewhere'), signer);
  expect(queued.map(({ created_at }) => created_at - 1_800_000_000)).toEqual([0, 1, 2, 0]);
});

const blockList = { kind: kinds.BLOCK_LIST, content: '', tags: [['p', 'ab'.repeat(32)]] };
const place = { kind: kinds.CREATE_GROUP, content: '', tags: [['h', 'harbour']] };

test('short work is done before signing where the city asks for it, and the tray hears of it', async () => {
  const { publishing, queued, tray, mined } = tracked();
  const published = await publishing.publish(blockList, signer, { title: 'Your list' });
  expect(published.ok).toBe(true);
  expect(mined.map(({ bits }) => bits)).toEqual([12]);
  expect(queued[0]?.tags.at(-1)).toEqual(['nonce', '1', '12']);
  expect(tray).toEqual(['Your list', 'Your list ended']);
});

test('cancelled work queues nothing and leaves the tray', async () => {
  const { publishing, queued, tray } = tracked({
    mine: (_event, _bits, options) =>
      Promise.resolve(options?.signal?.aborted ? fail('cancelled', 'cancelled') : fail('worker', 'went on')),
  });
  const published = await publishing.publish(blockList, signer, { title: 'T', signal: AbortSignal.abort() });
  expect(published).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(queued).toEqual([]);
  expect(tray).toEqual(['T', 'T ended']);
});

test('long work goes through the queue, to the relays it was meant for', async () => {
  const { publishing, queued, tray, mined, work } = tracked();
  const published = await publishing.publish(place, signer, { title: 'Place', relays: ['wss://a.test'] });
  expect(mined.map(({ bits }) => bits)).toEqual([28]);
  expect(published).toMatchObject({ ok: true, value: { event: { id: queued[0]?.id } } });
  expect(queued).toHaveLength(1);
  expect(tray).toEqual([]);
  work.watch((views) => expect(views).toEqual([]));
});

test('long work outlives its page, waits for its own person and goes out once', async () => {
  const browser = new FakeBrowser();
  const first = tracked({ browser, mine: () => new Promise(() => undefined) });
  void first.publishing.publish(place, signer, { title: 'Place' });
  await settle();
  first.kill();
  const next = tracked({ browser });
  next.here.signer = { ...signer, pubkey: 'cd'.repeat(32) };
  await next.work.restore();
  await settle();
  expect(next.mined).toHaveLength(1);
  next.publishing.wake();
  await settle();
  expect(next.queued).toEqual([]);
  next.here.signer = signer;
  next.publishing.wake();
  await settle();
  expect(next.queued).toHaveLength(1);
  next.kill();
  const last = tracked({ browser });
  await last.work.restore();
  await settle();
  expect([...last.mined, ...last.queued]).toEqual([]);
});

test('an event that comes back changed is not sent, whoever signed it', async () => {
  const { publishing, queued } = tracked();
  const later: Signer = {
    ...signer,
    sign: (draft) => signer.sign({ ...draft, created_at: draft.created_at + 60 }),
  };
  const published = await publishing.publish(line('a', 'x'), later);
  expect(published).toMatchObject({ error: { code: 'changed' } });
  expect(published.ok ? '' : published.error.message).toContain('changed the time');
  expect(queued).toEqual([]);
});

test('a slot holds one version of a list, one try at a place, and nothing of anybody else', () => {
  const event = { created_at: 1, pubkey: 'ab'.repeat(32), tags: [], content: '' };
  const profile = { ...event, kind: kinds.PROFILE };
  expect(slotOf({ ...profile, content: 'new' })).toBe(slotOf(profile));
  expect(slotOf({ ...profile, pubkey: 'cd'.repeat(32) })).not.toBe(slotOf(profile));
  expect(slotOf({ ...event, ...place, content: 'x' })).toBe(slotOf({ ...event, ...place }));
  expect(slotOf({ ...event, ...place, tags: [['h', 'market']] })).not.toBe(slotOf({ ...event, ...place }));
  const note = { ...event, kind: kinds.NOTE };
  expect(slotOf({ ...note, content: 'x' })).not.toBe(slotOf(note));
  expect(slotOf({ ...note, created_at: 9 })).toBe(slotOf(note));
});

test('a signer that refuses and a full disk are told apart', async () => {
  const refusing: Signer = { ...signer, sign: () => Promise.resolve(fail('refused', 'no')) };
  const { publishing } = tracked();
  expect(await publishing.publish(line('a', 'x'), refusing)).toMatchObject({ error: { code: 'refused' } });
  const full = tracked({ enqueue: () => Promise.reject(new Error('QuotaExceededError')) });
  expect(await full.publishing.publish(line('a', 'x'), signer)).toMatchObject({ error: { code: 'storage' } });
});

test('a block list costs work only when it names people', () => {
  const pow = { [kinds.BLOCK_LIST]: 12 };
  expect(workAsked({ kind: kinds.BLOCK_LIST, tags: [['relay', 'wss://a']] }, pow)).toBe(0);
  expect(workAsked({ kind: kinds.BLOCK_LIST, tags: [['p', 'a']] }, pow)).toBe(12);
  expect(workAsked({ kind: kinds.NOTE, tags: [] }, pow)).toBe(0);
});

test('work that a relay asked for is done, and the mended line takes the refused one’s place', async () => {
  const placed: (string | undefined)[] = [];
  const { publishing, mined } = tracked({
    enqueue: (_event, options) => Promise.resolve(void placed.push(options?.instead)),
  });
  const options = { work: 9, instead: 'f'.repeat(64) };
  const published = await publishing.publish(line('harbour', 'again'), signer, options);
  expect(published.ok).toBe(true);
  expect(mined.map(({ bits }) => bits)).toEqual([9]);
  await publishing.publish(line('harbour', 'long'), signer, { ...options, work: 20, title: 'Work' });
  expect(mined.at(-1)?.bits).toBe(20);
  expect(placed).toEqual([options.instead, options.instead]);
});

test('long work for two lines of one place is two pieces of work', () => {
  const event = (content: string) => ({
    ...line('harbour', content),
    created_at: 1,
    pubkey: 'ab'.repeat(32),
  });
  expect(slotOf(event('one'))).not.toBe(slotOf(event('two')));
});
