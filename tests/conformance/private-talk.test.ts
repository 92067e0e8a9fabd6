/** Private talk against what is published (NIP-17's and NIP-59's samples), and both ways with two libraries that are not ours. */
import { readFileSync } from 'node:fs';
import NDK, { giftUnwrap, giftWrap, NDKEvent, NDKPrivateKeySigner, NDKUser } from '@nostr-dev-kit/ndk';
import * as nip17 from 'nostr-tools/nip17';
import { decode } from 'nostr-tools/nip19';
import { beforeAll, describe, expect, test } from 'vitest';
import { deskOf } from '#client/direct/desk/desk.ts';
import type { LetterDesk } from '#client/direct/desk/desk.ts';
import { createVerifier } from '#client/engine/verifying.ts';
import { createCurve } from '#client/keys/curve.ts';
import type { Curve } from '#client/keys/curve.ts';
import { DeviceSigner, makeSecretKey } from '#client/keys/device-signer.ts';
import { makeRumor } from '#protocol/direct/rumors.ts';
import { parseEvent } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { bytesToHex, parseHex } from '#shared/bytes.ts';

interface Sample {
  readonly nip17: Record<'author' | 'recipient' | 'content', string> &
    Record<'toRecipient' | 'toAuthor', NostrEvent>;
  readonly nip59: Record<'author' | 'recipient', string> & {
    readonly rumor: Omit<NostrEvent, 'sig'>;
    readonly seal: NostrEvent;
    readonly wrap: NostrEvent;
  };
}

const sample = JSON.parse(
  readFileSync(new URL('./data/private-talk.json', import.meta.url), 'utf8'),
) as Sample;
const NOW = Math.floor(Date.now() / 1000);

const fromHex = (hex: string): Uint8Array => {
  const bytes = parseHex(hex);
  if (!bytes.ok) throw new Error('no hex');
  return bytes.value;
};
const fromNsec = (nsec: string): Uint8Array => decode(nsec as `nsec1${string}`).data;

let curve: Curve;
beforeAll(async () => {
  curve = await createCurve();
});

/** Somebody of ours: with plain JavaScript, or with the worker's WASM. */
const ours = (secret: Uint8Array, isFast = true) => {
  const signer = new DeviceSigner(secret, isFast ? curve : undefined);
  const tools = { random: Math.random, curve: isFast ? curve : undefined };
  const desk: LetterDesk = deskOf(signer, { verifier: createVerifier(), ...tools });
  return { secret, pubkey: signer.pubkey, signer, desk };
};

const wrapped = async (from: ReturnType<typeof ours>, to: string, content: string): Promise<NostrEvent> => {
  const draft = { kind: 14, content, tags: [['subject', 'the quay']] };
  const rumor = makeRumor(draft, { author: from.pubkey, to: [to], at: NOW });
  const wraps = await from.desk.wrap(rumor, [to], { now: NOW });
  if (!wraps.ok || !wraps.value[0]) throw new Error('not wrapped');
  return wraps.value[0];
};

describe.each([true, false])('published samples, WASM: %s', (isFast) => {
  test('NIP-17: both wraps of “Hola, que tal?” open for whom they are for, and for nobody else', async () => {
    const { author, recipient, content, toAuthor, toRecipient } = sample.nip17;
    const [from, to] = [ours(fromNsec(author), isFast), ours(fromNsec(recipient), isFast)];
    expect(await to.desk.open([toRecipient, toAuthor])).toMatchObject([
      { type: 'rumor', rumor: { kind: 14, content, pubkey: from.pubkey } },
      { type: 'refused' },
    ]);
    expect(await from.desk.open([toAuthor])).toMatchObject([{ type: 'rumor', rumor: { content } }]);
  });

  test('NIP-59: the layers open to the published rumor; as it is a public note, it is not taken as private talk', async () => {
    const { author, recipient, rumor, seal, wrap } = sample.nip59;
    const [from, to] = [ours(fromHex(author), isFast), ours(fromHex(recipient), isFast)];
    const outer = await to.signer.cipher.decrypt(wrap.pubkey, wrap.content);
    expect(outer.ok && JSON.parse(outer.value)).toEqual(seal);
    const inner = await to.signer.cipher.decrypt(from.pubkey, seal.content);
    expect(inner.ok && JSON.parse(inner.value)).toEqual(rumor);
    expect(await to.desk.open([wrap])).toEqual([
      { type: 'refused', reason: 'a sealed message of a kind that is not private' },
    ]);
  });
});

describe('nostr-tools nip17', () => {
  test('opens what we say', async () => {
    const [ada, ben] = [ours(makeSecretKey()), makeSecretKey()];
    const wrap = await wrapped(ada, ours(ben).pubkey, 'At seven 🏙️');
    const rumor = nip17.unwrapEvent({ ...wrap, tags: wrap.tags.map((tag) => [...tag]) }, ben);
    expect(rumor).toMatchObject({ kind: 14, content: 'At seven 🏙️', pubkey: ada.pubkey });
    expect(rumor.tags).toContainEqual(['subject', 'the quay']);
  });

  test('is understood, to one and to several', async () => {
    const [ada, ben, cleo] = [ours(makeSecretKey()), ours(makeSecretKey()), ours(makeSecretKey())];
    const others = [{ publicKey: ben.pubkey }, { publicKey: cleo.pubkey }];
    const said = nip17.wrapManyEvents(ada.secret, others, 'to both', 'the quay', { eventId: 'e'.repeat(64) });
    expect(said).toHaveLength(3);
    const rumor = { kind: 14, content: 'to both', pubkey: ada.pubkey };
    const opened = await Promise.all([ada, ben, cleo].map(({ desk }, n) => desk.open(said.slice(n, n + 1))));
    for (const [one] of opened) expect(one).toMatchObject({ type: 'rumor', rumor });
  });
});

describe('NDK', () => {
  const theirs = () => {
    const secret = makeSecretKey();
    const signer = new NDKPrivateKeySigner(bytesToHex(secret));
    return { signer, ndk: new NDK({ signer }), pubkey: ours(secret).pubkey };
  };

  test('opens what we say', async () => {
    const [ada, ben] = [ours(makeSecretKey()), theirs()];
    const wrap = await wrapped(ada, ben.pubkey, 'At seven');
    const event = new NDKEvent(ben.ndk, { ...wrap, tags: wrap.tags.map((tag) => [...tag]) });
    const rumor = await giftUnwrap(event, undefined, ben.signer);
    expect(rumor.rawEvent()).toMatchObject({ kind: 14, content: 'At seven', pubkey: ada.pubkey });
  });

  test('is understood', async () => {
    const [ada, ben] = [ours(makeSecretKey()), theirs()];
    const said = new NDKEvent(ben.ndk, {
      kind: 14,
      content: 'And back',
      pubkey: ben.pubkey,
      created_at: NOW,
      tags: [['p', ada.pubkey]],
    });
    const wrap = await giftWrap(said, new NDKUser({ pubkey: ada.pubkey }), ben.signer);
    const event = parseEvent(wrap.rawEvent());
    if (!event.ok) throw new Error(event.error.message);
    expect(await ada.desk.open([event.value])).toMatchObject([
      { type: 'rumor', rumor: { kind: 14, content: 'And back', pubkey: ben.pubkey } },
    ]);
  });
});
