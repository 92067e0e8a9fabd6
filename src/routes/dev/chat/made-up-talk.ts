/** Made-up people and their talk, for looking at conversations. */
import { npubEncode } from 'nostr-tools/nip19';
import type { People } from '#client/city/city.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { makeDeleteEvent } from '#protocol/groups.ts';
import { NOTE } from '#protocol/kinds.ts';
import { makeDeletion, makeLine, makeReaction } from '#protocol/messages.ts';
import { FakeCity, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';

export const ME = fakeKey('a1');
const NAMES: Readonly<Record<string, string>> = {
  [ME]: 'Robin',
  [fakeKey('b2')]: 'Ben Okafor',
  [fakeKey('c3')]: 'ليلى الحسن',
  [fakeKey('d4')]: 'Annegret Schöllhammer-Überlingen von der Donaudampfschifffahrt',
  [fakeKey('e5')]: '🌻 Sol',
};
export const KEYS = Object.keys(NAMES);
const key = (index: number): string => KEYS[index % KEYS.length] ?? ME;

/** People with fixed names. */
export const madeUpPeople: People = {
  name: (pubkey) => NAMES[pubkey] ?? `npub…${pubkey.slice(0, 6)}`,
  about: () => undefined,
  isKnown: (pubkey) => pubkey in NAMES,
  search: (prefix, among) =>
    among
      .map((pubkey) => ({ pubkey, name: NAMES[pubkey] ?? pubkey.slice(0, 8) }))
      .filter(({ name }) => name.toLocaleLowerCase().startsWith(prefix.toLocaleLowerCase())),
};

const SENTENCES: readonly string[] = [
  'Has anybody seen the baker today? The shutters are still down.',
  'He is on the early ferry. Back at nine, he said.',
  'صباح الخير جميعًا، السوق مفتوح اليوم حتى الثالثة عصرًا.',
  'Die Straßenbahnhaltestellenbeleuchtungserneuerung verzögert sich leider bis Donnerstagnachmittag.',
  '🌻🌻🌻',
  'The timetable is at https://transit.city.example/lines/4/timetable?from=old-harbour&to=observatory#weekdays',
  'ok',
  'I put the key under the third pot.\nPlease water the tomatoes too.\n\nThank you 🙏',
  `nostr:${npubEncode(fakeKey('b2'))} could you bring the ladder?`,
  'Run `npm start` and open http://localhost:3000, or\n```sh\nnpm run demo\nopen http://localhost:3000\n```',
  'مرحبا https://مثال.إختبار/صفحة and https://аpple.com look alike, do they not?',
];

interface Said {
  readonly by: number;
  readonly text: string;
  readonly at: number;
  readonly replyTo?: NostrEvent;
}

const say = ({ by, text, at, replyTo }: Said): NostrEvent =>
  fakeEvent({
    ...makeLine({ group: 'plaza', kind: NOTE, text, ...(replyTo ? { replyTo } : {}) }),
    pubkey: key(by),
    created_at: at,
  });

const background = (count: number, end: number): NostrEvent[] =>
  Array.from({ length: count }, (_, index) => {
    const at = end - (count - index) * 97 - (index % 7) * 13;
    const text = SENTENCES[(index * 7) % SENTENCES.length] ?? 'ok';
    return say({
      by: Math.floor(index / 2) + (index % 5 === 0 ? 1 : 0),
      text: count > 60 ? `${index}. ${text}` : text,
      at,
    });
  });

const react = (line: NostrEvent, by: number, emoji: string): NostrEvent =>
  fakeEvent({ ...makeReaction('plaza', line, emoji), pubkey: key(by), created_at: line.created_at + 5 + by });

const thread = (now: number): NostrEvent[] => {
  const root = say({ by: 1, text: 'Street festival on Saturday: who brings what?', at: now - 900 });
  const answers = [
    'Tables and benches.',
    'Lemon cake. Two of them.',
    'أنا سأحضر الشاي',
    'Music, if the power holds.',
  ].map((text, index) => say({ by: index, text, at: now - 800 + index * 40, replyTo: root }));
  const gone = say({ by: 3, text: 'to be deleted', at: now - 500 });
  const spam = say({ by: 4, text: 'buy now', at: now - 490 });
  return [
    root,
    ...answers,
    gone,
    spam,
    fakeEvent({ ...makeDeletion([gone], 'plaza'), pubkey: key(3), created_at: now - 480 }),
    fakeEvent({ ...makeDeleteEvent('plaza', spam.id), pubkey: key(1), created_at: now - 480 }),
    ...[0, 1, 2, 3].map((by) => react(root, by, '🎉')),
    react(root, 2, '❤️'),
    ...[1, 4].map((by) => react(answers[1] ?? root, by, '😋')),
    say({ by: 2, text: 'See you there', at: now - 120 }),
  ];
};

const own = (text: string, at: number): NostrEvent => ({ ...say({ by: 0, text, at }), pubkey: ME });

const troubles = (now: number): LocalEvent[] => {
  const [sent, failed, pending] = [
    own('I bring the projector.', now - 100),
    own('And this one was refused.', now - 60),
    own('This one waits for the city.', now - 20),
  ];
  const relays = ['wss://city.test'];
  return [
    ...[sent, failed, pending].map((event): LocalEvent => ({ type: 'EventSigned', v: 1, event, relays })),
    { type: 'EventAccepted', v: 1, id: sent.id, relay: 'wss://city.test', note: '' },
    {
      type: 'EventRejected',
      v: 1,
      id: failed.id,
      relay: 'wss://city.test',
      reason: 'restricted: you are not a member of this place yet',
    },
  ];
};

const REFUSALS: readonly (readonly [text: string, reason: string])[] = [
  [
    'Written in the underground, a week and a day ago.',
    'invalid: in a place created_at is at most 604800 seconds ago',
  ],
  ['And this one right after it.', 'invalid: in a place created_at is at most 604800 seconds ago'],
  ['The third of them.', 'invalid: in a place created_at is at most 604800 seconds ago'],
  ['This place wants a little work first.', 'pow: 1 needs 12 bits, has 0'],
  ['This one wants the impossible.', 'pow: 1 needs 60 bits, has 0'],
  ['I am not in here any more.', 'restricted: only members write in this place'],
  ['Nobody knows what is wrong with this.', 'mute: the moderators asked you to rest until Monday'],
];

/** Lines that were refused, for every way on. */
export const madeUpRefusals = async (city: FakeCity): Promise<void> => {
  const now = Math.floor(Date.now() / 1000);
  const relay = city.relay;
  for (const [index, [text, reason]] of REFUSALS.entries()) {
    const event = own(text, now - 60 + index);
    await city.record({ type: 'EventSigned', v: 1, event, relays: [relay] });
    await city.record({ type: 'EventRejected', v: 1, id: event.id, relay, reason });
  }
};

/** Fills a city with talk that ends now; `count` lines of background. */
export const madeUpTalk = async (city: FakeCity, count: number): Promise<void> => {
  const now = Math.floor(Date.now() / 1000);
  const relay = city.relay;
  const seen = [...background(count, now - 1000), ...thread(now)];
  await city.record(...seen.map((event): LocalEvent => ({ type: 'RelayEventSeen', v: 1, event, relay })));
  await city.record(...troubles(now));
  await city.record({ type: 'ConversationRead', v: 1, conversation: 'plaza', upTo: now - 700 });
};

/** Somebody says something now. */
export const somebodySays = (city: FakeCity): Promise<void> => {
  const at = Math.floor(Date.now() / 1000);
  return city.deliver(
    say({ by: 1 + (at % 4), text: `Said at ${at}. ${SENTENCES[at % SENTENCES.length] ?? ''}`, at }),
  );
};
