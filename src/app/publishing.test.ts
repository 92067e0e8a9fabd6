import { expect, test } from 'vitest';
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import type { NostrEvent, UnsignedEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { ok, fail } from '#shared/result.ts';
import type { Signer } from '#client/keys/signer.ts';
import type { Miner } from '#client/mining/miner.ts';
import { Publishing, workAsked } from './publishing.ts';

const secret = generateSecretKey();
const signer: Signer = {
  kind: 'device',
  pubkey: getPublicKey(secret),
  sign: (draft) =>
    Promise.resolve(
      ok(finalizeEvent({ ...draft, tags: draft.tags.map((tag) => [...tag]) }, secret) as NostrEvent),
    ),
};

const tracked = (over: { mine?: Miner['mine']; enqueue?: (event: NostrEvent) => Promise<void> } = {}) => {
  const queued: NostrEvent[] = [];
  const tray: string[] = [];
  const mined: { event: UnsignedEvent; bits: number }[] = [];
  const publishing = new Publishing({
    engine: {
      enqueue: over.enqueue ?? ((event) => Promise.resolve(void queued.push(event))),
      answerOf: () => Promise.resolve(ok({ note: '' })),
    },
    miner: {
      mine:
        over.mine ??
        ((event, bits) => {
          mined.push({ event, bits });
          return Promise.resolve(ok({ ...event, tags: [...event.tags, ['nonce', '1', String(bits)]] }));
        }),
    },
    tasks: {
      start: (title) => {
        tray.push(title);
        return { update: () => undefined, end: () => void tray.push(`${title} ended`) };
      },
    },
    clock: { now: () => 1_800_000_000 },
    pow: () => ({ [kinds.PROFILE]: 20, [kinds.BLOCK_LIST]: 12 }),
    describe: () => '',
  });
  return { publishing, queued, tray, mined };
};

const line = (group: string, content: string) => ({ kind: kinds.NOTE, content, tags: [['h', group]] });

test('lines of one second keep the order in which they were written, each place by itself', async () => {
  const { publishing, queued } = tracked();
  for (const text of ['one', 'two', 'three']) await publishing.publish(line('harbour', text), signer);
  await publishing.publish(line('market', 'elsewhere'), signer);
  expect(queued.map(({ created_at }) => created_at - 1_800_000_000)).toEqual([0, 1, 2, 0]);
});

test('work is done before signing where the city asks for it, and the tray hears of it', async () => {
  const { publishing, queued, tray, mined } = tracked();
  const draft = { kind: kinds.PROFILE, content: '{}', tags: [] };
  const published = await publishing.publish(draft, signer, { title: 'Your profile' });
  expect(published.ok).toBe(true);
  expect(mined.map(({ bits }) => bits)).toEqual([20]);
  expect(queued[0]?.tags).toEqual([['nonce', '1', '20']]);
  expect(tray).toEqual(['Your profile', 'Your profile ended']);
});

test('cancelled work queues nothing and leaves the tray', async () => {
  const { publishing, queued, tray } = tracked({
    mine: (_event, _bits, options) =>
      Promise.resolve(options?.signal?.aborted ? fail('cancelled', 'cancelled') : fail('worker', 'went on')),
  });
  const draft = { kind: kinds.PROFILE, content: '{}', tags: [] };
  const published = await publishing.publish(draft, signer, { title: 'T', signal: AbortSignal.abort() });
  expect(published).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(queued).toEqual([]);
  expect(tray).toEqual(['T', 'T ended']);
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
