import { expect, test } from 'vitest';
import { FakeCity, fakeKey } from '../../../tests/support/fake-city.ts';
import { makeRumor } from '#protocol/direct/rumors.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
import type { Draft } from '#protocol/event.ts';
import { makeDeletion } from '#protocol/messages.ts';
import { DeviceSigner } from '../keys/device-signer.ts';
import { generateSecretKey } from 'nostr-tools/pure';
import { directProjection } from './projection.ts';
import { TakingBack } from './taking-back.ts';

const NOW = 1_800_000_000;
const signer = new DeviceSigner(generateSecretKey());
const me = signer.pubkey;
const [anna, eve] = [fakeKey('b2'), fakeKey('ee')];
const [first, second, third] = [fakeKey('d1'), fakeKey('d2'), fakeKey('d3')];

const scene = (inboxes: readonly string[] = []) => {
  const city = new FakeCity({ projections: [directProjection] });
  const takingBack = new TakingBack({
    city,
    inboxes: { of: () => Promise.resolve(inboxes) },
    signer: () => signer,
    clock: { now: () => NOW },
  });
  const came = async (rumor: Rumor, wrap: string) => {
    await city.record({ type: 'WrapOpened', v: 1, wrap, to: me, rumor });
    await takingBack.follow([rumor]);
  };
  const signed = () => city.log.flatMap((one) => (one.type === 'EventSigned' ? [one] : []));
  return { city, takingBack, came, signed };
};
const say = (author: string, draft: Draft): Rumor =>
  makeRumor(draft, { author, to: [author === me ? anna : me], at: NOW });
const line = say(anna, { kind: 14, content: 'Hello', tags: [] });
const back = (author: string, rumor = line) => say(author, makeDeletion([rumor]));

test('somebody else’s deletion asks for nothing', async () => {
  const { came, signed } = scene();
  await came(line, first);
  await came(back(eve), second);
  await came(back(me), third);
  expect(signed()).toEqual([]);
});

test('what its author takes back leaves the relays, its other wording too', async () => {
  const { came, signed } = scene(['wss://inbox.test']);
  await came(line, first);
  await came(say(anna, { kind: 1010, content: 'Hello you', tags: [['e', line.id]] }), second);
  await came(back(anna), third);
  expect(signed()).toHaveLength(1);
  const [asked] = signed();
  expect(asked?.event).toMatchObject({ kind: 5, pubkey: me });
  expect(asked?.event.tags).toEqual([
    ['e', second],
    ['e', first],
    ['k', '1059'],
  ]);
  expect(asked?.relays).toEqual(['wss://city.test', 'wss://inbox.test']);
});

test('a deletion that came first takes the line’s wrap once it is here', async () => {
  const { came, signed } = scene();
  await came(back(anna), first);
  expect(signed()).toEqual([]);
  await came(line, second);
  expect(signed().map(({ event }) => event.tags[0])).toEqual([['e', second]]);
});

test('of what is said here, only one’s own copy', async () => {
  const { city, takingBack, signed } = scene();
  const mine = say(me, { kind: 14, content: 'Mine', tags: [] });
  const wraps = [
    { id: first, to: anna },
    { id: second, to: me },
  ];
  await city.record({ type: 'RumorSent', v: 1, rumor: mine, wraps });
  const gone = back(me, mine);
  await city.record({ type: 'RumorSent', v: 1, rumor: gone, wraps: [{ id: third, to: me }] });
  await takingBack.follow([gone]);
  expect(signed().map(({ event }) => event.tags)).toEqual([
    [
      ['e', second],
      ['k', '1059'],
    ],
  ]);
});
