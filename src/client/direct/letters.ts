/** Private talk on its way: what is said here leaves sealed, what comes is opened and confirmed (NIP-17, NIP-59). */
import { wrapEnd } from '#protocol/direct/disappearing.ts';
import { isSaid, talkOf, makeRumor } from '#protocol/direct/rumors.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { makeEnd } from '#protocol/messages.ts';
import { expirationOf, groupOf } from '#protocol/tags.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { City, PublishFailure, Published } from '../city/city.ts';
import type { Engine, SyncRequest } from '../engine/engine.ts';
import type { Signer } from '../keys/signer.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { Confirming } from './confirming.ts';
import type { HeardLine } from './confirming.ts';
import type { LetterDesk } from './desk/desk.ts';
import { InboxBook } from './inbox-book.ts';
import type { Homes } from './inbox-book.ts';
import { Live } from './live.ts';
import { Opening } from './opening.ts';
import { sentRumors } from './tables.ts';
import { TakingBack } from './taking-back.ts';
import type { SendOptions } from './wrapping.ts';

export interface LettersPorts {
  readonly city: Pick<
    City,
    | 'relay'
    | 'part'
    | 'all'
    | 'get'
    | 'getMany'
    | 'watch'
    | 'fetch'
    | 'record'
    | 'subscribe'
    | 'retry'
    | 'discard'
  >;
  readonly engine: Pick<Engine, 'answerOf' | 'listen' | 'say'>;
  /** Who is here and can sign; undefined: nobody, or locked. */
  readonly signer: () => Signer | undefined;
  /** Where this signer's letters are opened and made. */
  readonly desk: (signer: Signer) => LetterDesk;
  /** Runs the work while no other tab does the like. */
  readonly alone: (name: string, work: () => Promise<void>) => Promise<void>;
  readonly clock: Clock;
  /** Gives a draft of a talk its time. */
  readonly date: (draft: Draft, author: string) => Dated;
  /** Seconds for which the lines of a talk stay; 0: for good. */
  readonly stays: (talk: string) => Promise<number>;
  /** The newest line of each other person in a talk, up to a time (Unix seconds). */
  readonly heard: (talk: string, upTo: number) => Promise<readonly HeardLine[]>;
  /** True where a person may learn what was received here. */
  readonly confirms: (person: string) => Promise<boolean>;
  /** True where such a person may also learn this; everything without it. */
  readonly tells?: (person: string, what: 'read' | 'writing') => boolean;
  /** Where somebody publishes, for whom the city has no inbox; nowhere without it. */
  readonly homes?: Homes | undefined;
}

type Dated = Draft & { readonly created_at: number };

/** One wrap, for one person. */
interface Letter {
  readonly to: string;
  readonly wrap: NostrEvent;
}

export class Letters {
  /** Where people receive. */
  readonly inboxes: InboxBook;
  readonly #ports: LettersPorts;
  readonly #opening: Opening;
  readonly #confirming: Confirming;
  readonly #live: Live;
  readonly #takingBack: TakingBack;
  #stops: readonly (() => void)[] = [];

  constructor(ports: LettersPorts) {
    this.#ports = ports;
    this.inboxes = new InboxBook(ports.city, ports.homes);
    this.#confirming = new Confirming({
      ...ports,
      send: (draft, people, options) => this.send(draft, people, options),
    });
    this.#live = new Live({ ...ports, inboxes: this.inboxes });
    this.#takingBack = new TakingBack({ ...ports, inboxes: this.inboxes });
    this.#opening = new Opening({
      ...ports,
      inboxes: this.inboxes,
      opened: async (rumors, self) => {
        await this.#takingBack.follow(rumors);
        await this.#confirming.delivered(rumors, self);
      },
    });
  }

  /** Receives for whoever is here now; to be called again when somebody comes or goes. */
  follow(pubkey: string | undefined): void {
    this.#stops.forEach((stop) => stop());
    this.#stops = pubkey === undefined ? [] : [this.inboxes.follow(), this.#opening.follow(pubkey)];
  }

  /** Says something in a talk: sealed for each of its people and for oneself, durable when it resolves. */
  async send(
    draft: Draft,
    people: readonly string[],
    { isNote = false, expires }: SendOptions = {},
  ): Promise<Result<Published, PublishFailure>> {
    const { signer: seat, date, clock, desk, engine } = this.#ports;
    const signer = seat();
    if (!signer) return fail('locked', 'Your account is locked on this device.');
    const dated = await this.#ending(date(withTalk(draft, people, signer.pubkey), signer.pubkey));
    const rumor = makeRumor(dated, { author: signer.pubkey, to: people, at: dated.created_at });
    const receivers = [...new Set([...people, ...(isNote ? [] : [signer.pubkey])])];
    const end = expires ?? endOfWraps(rumor, Math.random());
    const wish = { now: clock.now(), ...(end === undefined ? {} : { expires: end }) };
    const made = await desk(signer).wrap(rumor, receivers, wish);
    if (!made.ok) return made;
    const letters = made.value.map((wrap, at): Letter => ({ to: receivers[at] ?? '', wrap }));
    const posted = await Promise.all(letters.map((letter) => this.#posted(letter, signer.pubkey)));
    const wraps = letters.map(({ to, wrap }) => ({ id: wrap.id, to }));
    const kept: LocalEvent[] = isNote
      ? posted.filter(({ type }) => type === 'EventSigned')
      : [{ type: 'RumorSent', v: 1, rumor, wraps }, ...posted];
    try {
      if (kept.length > 0) await this.#ports.city.record(...kept);
    } catch (cause) {
      return fail(
        'storage',
        'This device could not store what you wrote. Free some space and try again.',
        cause,
      );
    }
    if (!isNote) void this.#takingBack.follow([rumor]);
    const first = wraps.find(({ to }) => to !== signer.pubkey) ?? wraps[0];
    return ok({ event: { ...rumor, sig: '' }, answer: engine.answerOf(first?.id ?? rumor.id) });
  }

  /** Says what is so just now (kind 20015) to those of these people who may know; kept nowhere. */
  say(draft: Draft, people: readonly string[]): Promise<void> {
    return this.#live.say(draft, people);
  }

  /** What is said live in a talk. */
  listen(request: SyncRequest, heard: (event: NostrEvent) => void): () => void {
    return this.#live.listen(request, heard);
  }

  /** The person has read a talk up to a time (Unix seconds): those who may know are told. */
  read(talk: string, upTo: number): Promise<void> {
    const self = this.#ports.signer()?.pubkey;
    return self === undefined ? Promise.resolve() : this.#confirming.read(talk, upTo);
  }

  /** Sends what was said here again now, or (by its own id) one wrap of it. */
  async retry(id: string): Promise<void> {
    const sent = await this.#ports.city.get(sentRumors, id);
    for (const wrap of sent?.wraps ?? [id]) await this.#ports.city.retry(wrap);
  }

  /** Gives up what was said here; what somebody has already stays theirs. */
  async discard(rumor: string): Promise<void> {
    const sent = await this.#ports.city.get(sentRumors, rumor);
    for (const wrap of sent?.wraps ?? []) await this.#ports.city.discard(wrap);
  }

  /** A line of a talk whose lines disappear says when it does. */
  async #ending(draft: Dated): Promise<Dated> {
    if (!isSaid(draft) || expirationOf(draft) !== undefined) return draft;
    const stays = await this.#ports.stays(groupOf(draft) ?? '');
    return stays === 0 ? draft : { ...draft, tags: [...draft.tags, ...makeEnd(draft.created_at + stays)] };
  }

  /** Off to where its person receives; what is for oneself lies at the city in any case. */
  async #posted({ to, wrap }: Letter, self: string): Promise<LocalEvent> {
    const home = to === self ? [this.#ports.city.relay] : undefined;
    const relays = (await this.inboxes.of(to)) ?? home;
    return relays
      ? { type: 'EventSigned', v: 1, event: wrap, relays }
      : { type: 'LetterHeld', v: 1, wrap, to };
  }
}

/** The wraps stay as long as the words, and a little longer so that nobody can tell how long these do. */
const endOfWraps = (rumor: Rumor, random: number): number | undefined => {
  const end = expirationOf(rumor);
  return end === undefined ? undefined : wrapEnd(end, end - rumor.created_at, random);
};

const withTalk = (draft: Draft, people: readonly string[], self: string): Draft => ({
  ...draft,
  tags: [['h', talkOf(people, self)], ...draft.tags.filter(([name]) => name !== 'h')],
});
