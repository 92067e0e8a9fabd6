/** What a push means to the person: looked up as far as this device may, then told, or not. Tests hand in every port. */
import type { NostrEvent } from '#protocol/event.ts';
import { PROFILE } from '#protocol/kinds.ts';
import type { Line } from '#protocol/messages.ts';
import { newestFirst } from '#protocol/event.ts';
import { parseProfile } from '#protocol/profiles.ts';
import { parsePushPayload } from '#protocol/push.ts';
import { MINUTE } from '#shared/time.ts';
import type { WakeCard } from './card.ts';
import { lineToShow, newsFilters, newsIn } from './news.ts';
import type { PlaceNews } from './news.ts';
import { noticeBody, noticeTitle, peopleIn } from './notice.ts';
import type { Notice, NoticeWords } from './notice.ts';
import type { ShortLine } from './short-line.ts';
import type { Wake } from './wakes.ts';
import type { OpenWoken, Woken } from './woken.ts';

/** A notification that is before the person's eyes now. */
export interface ShownNotice {
  readonly count: number;
  /** Unix seconds. */
  readonly at: number;
}

export interface AnswerPorts {
  open(tag: string): Promise<Woken>;
  line(url: string): Pick<ShortLine, 'ask' | 'close'>;
  /** A window of the app is before the person's eyes. */
  isVisible(): Promise<boolean>;
  /** By their tags. */
  shown(): Promise<ReadonlyMap<string, ShownNotice>>;
  show(notice: Notice, profile: string | undefined): Promise<void>;
  readonly words: NoticeWords;
  /** Unix seconds. */
  now(): number;
}

type Ended = Pick<Wake, 'why' | 'end'>;

/** Of notices that name no place there is one. */
const CITY_TAG = 'city';
/** A notification that takes another's place sounds again after so many seconds. */
const SOUND_AGAIN = MINUTE;
const MOST_PLACES = 8;

/** Answers one push; says how it ended. Of a text that is not this city's nothing is ever shown. */
export const answerWake = async (text: string | undefined, ports: AnswerPorts): Promise<Ended> => {
  const payload = text === undefined ? undefined : parsePushPayload(text);
  const woken: Woken = payload?.ok ? await ports.open(payload.value.tag) : { kind: 'stranger' };
  const isTest = payload?.ok === true && payload.value.test;
  try {
    if (woken.kind === 'stranger') return await answerStranger(ports);
    if (isTest) return await answerTest(ports, woken.profile);
    if (await ports.isVisible()) return { why: 'push', end: 'visible' };
    if (woken.kind === 'locked')
      return await showPlain(ports, { body: ports.words.lockedNews, path: '/' }, woken.profile, 'locked');
    return await answerOpen(ports, woken);
  } finally {
    if (woken.kind === 'open') woken.close();
  }
};

const answerStranger = async (ports: AnswerPorts): Promise<Ended> => {
  const end = 'stranger';
  if (await ports.isVisible()) return { why: 'push', end };
  return showPlain(ports, { body: ports.words.look, path: '/' }, undefined, end);
};

const answerTest = async (ports: AnswerPorts, profile: string): Promise<Ended> => {
  const { city, test } = ports.words;
  const notice = { title: city, body: test, tag: 'test', path: '/you/notifications', isNews: true };
  await ports.show(notice, profile);
  return { why: 'test', end: 'shown' };
};

const showPlain = async (
  ports: AnswerPorts,
  words: Pick<Notice, 'body' | 'path' | 'isSilent'>,
  profile: string | undefined,
  end: Ended['end'],
): Promise<Ended> => {
  const before = (await ports.shown()).get(CITY_TAG);
  const isNews = !before || ports.now() - before.at >= SOUND_AGAIN;
  await ports.show({ ...words, title: ports.words.city, tag: CITY_TAG, isNews }, profile);
  return { why: 'push', end };
};

const answerOpen = async (ports: AnswerPorts, woken: OpenWoken): Promise<Ended> => {
  const { card, profile } = woken;
  const plain = (isSilent = false) =>
    showPlain(
      ports,
      { body: ports.words.newMessage, path: '/messages', ...(isSilent ? { isSilent } : {}) },
      profile,
      'plain',
    );
  if (!card?.showsWords) return plain();
  const line = ports.line(card.relay);
  try {
    const { news, isAll } = await lookForNews(line, woken, card, ports.now());
    if (news.length > 0) return await showNews(ports, { woken, card, line, news });
    // A second push for what was told a moment ago; the person sees it still.
    if (isAll && (await ports.shown()).size > 0) return { why: 'push', end: 'nothing' };
    // Nothing new in any place: it is a letter, and only a page can tell whether a stranger wrote it.
    return await plain(isAll);
  } finally {
    line.close();
  }
};

const lookForNews = async (
  line: Pick<ShortLine, 'ask'>,
  { told }: OpenWoken,
  card: WakeCard,
  now: number,
): Promise<{ readonly news: readonly PlaceNews[]; readonly isAll: boolean }> => {
  const filters = newsFilters(card, now);
  const isOpen = !card.places.some(({ isClosed, level }) => isClosed && level !== 'nothing');
  if (filters.length === 0) return { news: [], isAll: isOpen };
  const { events, end } = await line.ask(filters);
  const isAll = end === 'complete' && isOpen;
  return { news: newsIn(card, events, told, now).slice(-MOST_PLACES), isAll };
};

interface Telling {
  readonly woken: OpenWoken;
  readonly card: WakeCard;
  readonly line: Pick<ShortLine, 'ask'>;
  readonly news: readonly PlaceNews[];
}

const showNews = async (ports: AnswerPorts, { woken, card, line, news }: Telling): Promise<Ended> => {
  const shownLines = news.flatMap((each) => lineToShow(each, card.pubkey) ?? []);
  const nameOf = await namesFor(line, shownLines, ports.words);
  const before = await ports.shown();
  for (const [at, { place, lines }] of news.entries()) {
    const shown = shownLines[at];
    if (!shown) continue;
    const earlier = before.get(place.id);
    const count = (earlier?.count ?? 0) + lines.length;
    const isMention = shown.mentions.includes(card.pubkey);
    await ports.show(
      {
        title: noticeTitle(place.name),
        body: noticeBody(shown, count, nameOf, ports.words),
        tag: place.id,
        path: `/g/${encodeURIComponent(place.id)}`,
        isNews: isMention || !earlier || ports.now() - earlier.at >= SOUND_AGAIN,
        conversation: place.id,
        count,
      },
      woken.profile,
    );
  }
  await woken.tell(news.flatMap(({ lines }) => lines.map(({ id }) => id)).reverse());
  return { why: 'push', end: 'shown' };
};

/** The names of the people in these lines, as the relay knows them. */
const namesFor = async (
  line: Pick<ShortLine, 'ask'>,
  lines: readonly Line[],
  words: NoticeWords,
): Promise<(pubkey: string) => string> => {
  const authors = [...new Set(lines.flatMap(({ author, text }) => [author, ...peopleIn(text)]))].slice(0, 50);
  const { events } = await line.ask([{ kinds: [PROFILE], authors }]);
  const newest = new Map<string, NostrEvent>();
  for (const event of [...events].sort(newestFirst))
    if (!newest.has(event.pubkey)) newest.set(event.pubkey, event);
  return (pubkey) => {
    const event = newest.get(pubkey);
    const profile = event && parseProfile(event);
    return (profile?.ok ? profile.value.name : undefined) ?? words.someone(pubkey.slice(0, 4));
  };
};
