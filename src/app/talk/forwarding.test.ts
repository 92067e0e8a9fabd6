import { expect, test } from 'vitest';
import { talkOf } from '#protocol/direct/rumors.ts';
import type { Draft } from '#protocol/event.ts';
import { makeSealedFile, parseSealedFile } from '#protocol/media/sealed-files.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import { ok } from '#shared/result.ts';
import { forward, leavesPrivacy } from './forwarding.ts';

const [me, anna, ben] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const withAnna = talkOf([anna], me);
const withBen = talkOf([ben], me);
const answer = new Promise<never>(() => undefined);

const scene = () => {
  const published: Draft[] = [];
  const sent: { draft: Draft; people: readonly string[] }[] = [];
  const event = { id: '', pubkey: me, kind: 1, content: '', tags: [], created_at: 0, sig: '' };
  const ports: Parameters<typeof forward>[2] = {
    city: {
      publish: (draft) => {
        published.push(draft);
        return Promise.resolve(ok({ event, answer }));
      },
    },
    letters: {
      send: (draft, people) => {
        sent.push({ draft, people });
        return Promise.resolve(ok({ event, answer }));
      },
      inboxes: { seek: () => Promise.resolve() },
    },
    placeOf: (id) => Promise.resolve(id === 'plaza' ? { supportedKinds: [1] } : undefined),
  };
  return { ports, published, sent };
};

const file: SealedFile = {
  url: `https://city.test/${'d'.repeat(64)}`,
  hash: 'd'.repeat(64),
  type: 'image/png',
  name: 'quay.png',
  key: { algorithm: 'aes-gcm', key: new Uint8Array(32).fill(7), nonce: new Uint8Array(12).fill(3) },
};
const { kind, tags, content } = makeSealedFile(file, [me]);
const sealedLine = { group: withAnna, text: '', sealed: { kind, tags, content } };
const words = { group: withAnna, text: `Ask nostr:npub1xyz at the quay` };

test('words go on with the mark and without a trace of author, place or line', async () => {
  const { ports, published, sent } = scene();
  expect((await forward(words, 'plaza', ports)).ok).toBe(true);
  expect(published).toEqual([{ kind: 1, content: words.text, tags: [['h', 'plaza'], ['forwarded']] }]);
  await forward({ ...words, group: 'plaza' }, withBen, ports);
  expect(sent).toEqual([
    { people: [ben], draft: { kind: 14, content: words.text, tags: [['h', withBen], ['forwarded']] } },
  ]);
});

test('a sealed file goes to people with its key, and to no place', async () => {
  const { ports, published, sent } = scene();
  expect(await forward(sealedLine, 'plaza', ports)).toMatchObject({ ok: false, error: { code: 'sealed' } });
  expect(published).toEqual([]);
  expect((await forward(sealedLine, withBen, ports)).ok).toBe(true);
  const [first] = sent;
  expect(first?.draft.tags).toContainEqual(['forwarded']);
  expect(JSON.stringify(first?.draft)).not.toContain(anna);
  expect(first && parseSealedFile(first.draft)).toMatchObject({
    hash: file.hash,
    name: 'quay.png',
    key: file.key,
  });
});

test('a place that is not known takes nothing', async () => {
  const { ports, published } = scene();
  expect(await forward(words, 'elsewhere', ports)).toMatchObject({ ok: false, error: { code: 'missing' } });
  expect(published).toEqual([]);
});

test('it is asked before what was private is said in a place, and only then', () => {
  expect([
    leavesPrivacy({ group: withAnna }, 'plaza'),
    leavesPrivacy({ group: withAnna }, withBen),
    leavesPrivacy({ group: 'plaza' }, 'square'),
  ]).toEqual([true, false, false]);
});
