/** A circle's talk: scripts given to people and to hours, replies threaded, hearts handed out. */
import { npubEncode } from 'nostr-tools/nip19';
import { DAY, HOUR, MINUTE } from '#shared/time.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { makeLine, makeReaction, parseReferences } from '#protocol/messages.ts';
import type { ReplyTarget } from '#protocol/messages.ts';
import { textsOf, topicTexts } from './languages.ts';
import type { Person } from './people.ts';
import type { CirclePlan } from './plan.ts';
import type { Random } from './random.ts';
import { drawMoment, drawPause } from './rhythm.ts';
import { capitalize, drawSlots, fillSlots, readScript } from './script.ts';
import type { Turn } from './script.ts';
import { signAs } from './signing.ts';

/** A script with the time (Unix seconds) of each turn. */
export interface Conversation {
  readonly turns: readonly Turn[];
  readonly times: readonly number[];
}

export interface TalkSetting {
  readonly plan: CirclePlan;
  /** Who may write here, the most talkative first. */
  readonly people: readonly Person[];
  readonly now: number;
  /** The last line is minutes old. */
  readonly isLive: boolean;
}

// What comes up in every circle sooner or later, whatever it is about.
const everyday = new Set(['street', 'food', 'garden', 'kids']);
const MOST_ROUNDS = 2.5;

/** Talk about the topic and general talk first, then what comes up everywhere, then anew in another order. */
const chooseScripts = (random: Random, { language, topic, lines }: CirclePlan): (readonly Turn[])[] => {
  const { topics, talks } = textsOf(language);
  const own = [...topicTexts(language, topic).talks, ...talks].map(readScript);
  const others = Object.entries(topics)
    .filter(([name]) => name !== topic && everyday.has(name))
    .flatMap(([, texts]) => texts.talks.map(readScript));
  const stock = [...own, ...others];
  const most = Math.min(lines, MOST_ROUNDS * stock.flat().length);
  const queue = [...random.shuffle(own), ...random.shuffle(others)];
  const chosen: (readonly Turn[])[] = [];
  for (let count = 0; count < most; count += chosen.at(-1)?.length ?? 1) {
    if (queue.length === 0) queue.push(...random.shuffle(stock));
    chosen.push(queue.shift() ?? []);
  }
  return random.chance(0.5) ? chosen : random.shuffle(chosen);
};

const moveBy = ({ turns, times }: Conversation, seconds: number): Conversation => ({
  turns,
  times: times.map((time) => time + seconds),
});
const endOf = ({ times }: Conversation): number => times.at(-1) ?? 0;

/** Conversations one after the other; whole days are taken off where they would reach beyond `before`. */
const schedule = (
  random: Random,
  { plan, now }: TalkSetting,
  scripts: (readonly Turn[])[],
  before: number,
) => {
  const starts = scripts.map(() => drawMoment(random, now, plan.place.longitude)).sort((a, b) => a - b);
  let clock = 0;
  const timed = scripts.map((turns, index): Conversation => {
    clock = Math.max(clock + 20 * MINUTE, starts[index] ?? 0);
    return { turns, times: turns.map((_, turn) => (turn === 0 ? clock : (clock += drawPause(random)))) };
  });
  const days = Math.max(0, Math.ceil((clock - before) / DAY));
  return timed.map((conversation) => moveBy(conversation, -days * DAY));
};

const drawConversations = (random: Random, setting: TalkSetting): Conversation[] => {
  const scripts = chooseScripts(random, setting.plan);
  if (!setting.isLive) return schedule(random, setting, scripts, setting.now - 30 * MINUTE);
  const [last] = schedule(random, setting, scripts.splice(-1), setting.now);
  if (!last) return [];
  const live = moveBy(last, setting.now - random.int(1, 40) * MINUTE - endOf(last));
  return [...schedule(random, setting, scripts, (live.times[0] ?? 0) - HOUR), live];
};

/** A conversation as signed lines, in order; each letter of its script is given to a person. */
export const speak = (
  random: Random,
  { plan, people }: Pick<TalkSetting, 'plan' | 'people'>,
  { turns, times }: Conversation,
): NostrEvent[] => {
  const { language, place } = plan;
  const slots = drawSlots(random, textsOf(language).days, place.name, language === 'en');
  const cast = castFor(random, people);
  const last = new Map<string, ReplyTarget>();
  return turns.map(({ speaker, answers, words }, index) => {
    const author = cast(speaker);
    const mentioned = [...words.matchAll(/@([A-D])\b/g)].map(([, letter = 'A']) => cast(letter));
    const text = capitalize(fillSlots(words, slots)).replaceAll(
      /@([A-D])\b/g,
      (_, letter: string) => `nostr:${npubEncode(cast(letter).pubkey)}`,
    );
    const replyTo = answers === undefined ? undefined : last.get(answers);
    const draft = makeLine({
      group: plan.id,
      kind: kinds.NOTE,
      text,
      mentions: mentioned.map(({ pubkey }) => pubkey),
      ...(replyTo ? { replyTo } : {}),
    });
    const event = signAs(author, draft, times[index] ?? 0);
    const root = parseReferences(event).root;
    last.set(speaker, { id: event.id, pubkey: event.pubkey, ...(root ? { root } : {}) });
    return event;
  });
};

/** Gives each letter a person of its own; the talkative are drawn more often. */
const castFor = (random: Random, people: readonly Person[]): ((letter: string) => Person) => {
  const free = [...people];
  const roles = new Map<string, Person>();
  return (letter) => {
    const known = roles.get(letter);
    if (known) return known;
    const pool = free.length > 0 ? free : [...people];
    const index = random.weighted(pool.map((_, rank) => 1 / (rank + 2)));
    const [person] = pool === free ? free.splice(index, 1) : [pool[index]];
    if (!person) throw new Error('a circle has people');
    roles.set(letter, person);
    return person;
  };
};

const warm = ['❤️', '👍', '😂', '🙏', '🎉', '😍', '👏', '🥹', '🤝', '☕'];
const ofTopic: Readonly<Record<string, readonly string[]>> = {
  garden: ['🌱', '🍅', '🌻', '🐌'],
  repair: ['🔧', '🪛', '💡'],
  walk: ['🥾', '🌤️', '🐕'],
  books: ['📚', '🤓', '📖'],
  music: ['🎶', '🎺', '🐶'],
  food: ['🍞', '🍲', '😋'],
  street: ['🐈‍⬛', '🏠', '🌳'],
  bike: ['🚲', '🔔'],
  kids: ['🦕', '🌧️', '🥕'],
  swim: ['🌊', '🥶', '🦭'],
  birds: ['🐦', '👀'],
  games: ['♟️', '🏆'],
};

const REACTED = 0.28;

const countReactions = (random: Random, audience: number, odds: number): number => {
  if (!random.chance(odds)) return 0;
  const crowd = random.chance(0.1) ? random.int(4, 9) : random.int(1, 2);
  return Math.min(crowd, audience);
};

/** Reactions of others within the next hour and a half; `odds` that there are any (0–1). */
export const reactTo = (
  random: Random,
  setting: Pick<TalkSetting, 'plan' | 'people' | 'now'>,
  line: NostrEvent,
  odds = REACTED,
): NostrEvent[] => {
  const others = setting.people.filter(({ pubkey }) => pubkey !== line.pubkey);
  const count = countReactions(random, others.length, odds);
  if (count === 0) return [];
  const favourites = random
    .shuffle([...warm, ...(ofTopic[setting.plan.topic] ?? [])])
    .slice(0, random.int(1, 3));
  return random
    .shuffle(others)
    .slice(0, count)
    .map((person) => {
      const at = Math.min(setting.now, line.created_at + random.int(20, 90 * MINUTE));
      return signAs(person, makeReaction(setting.plan.id, line, random.pick(favourites)), at);
    });
};

/** All lines of a circle in order of time, each followed by its reactions. */
export function* talkOf(random: Random, setting: TalkSetting): Generator<NostrEvent> {
  for (const conversation of drawConversations(random, setting))
    for (const line of speak(random, setting, conversation)) {
      yield line;
      yield* reactTo(random, setting, line);
    }
}
