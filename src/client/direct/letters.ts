/** Private talk on its way: what is said here leaves sealed, what comes is opened (NIP-17, NIP-59). */
import { generateSecretKey, finalizeEvent } from 'nostr-tools/pure';
import { talkOf, makeRumor } from '#protocol/direct/rumors.ts';
import { blurred, makeSeal, makeWrap, openWrap } from '#protocol/direct/wraps.ts';
import type { Draft, NostrEvent, Verifier } from '#protocol/event.ts';
import { GIFT_WRAP } from '#protocol/kinds.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { City, PublishFailure, Published } from '../city/city.ts';
import type { Engine } from '../engine/engine.ts';
import { plainDraft } from '../keys/check-signed.ts';
import { SecretCipher } from '../keys/secret-cipher.ts';
import type { Signer } from '../keys/signer.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { sentRumors, WAITING, wraps } from './tables.ts';

export interface LettersPorts {
  readonly city: Pick<
    City,
    'relay' | 'part' | 'get' | 'watch' | 'record' | 'subscribe' | 'retry' | 'discard'
  >;
  readonly engine: Pick<Engine, 'answerOf'>;
  /** Who is here and can sign; undefined: nobody, or locked. */
  readonly signer: () => Signer | undefined;
  /** Asked once, with the first wrap. */
  readonly verifier: () => Promise<Verifier>;
  /** Runs the work while no other tab does the like. */
  readonly alone: (name: string, work: () => Promise<void>) => Promise<void>;
  readonly clock: Clock;
  /** 0–1. */
  readonly random: () => number;
  /** Gives a draft of a talk its time. */
  readonly date: (draft: Draft, author: string) => Draft & { readonly created_at: number };
}

const OPEN_AT_ONCE = 50;

/** One wrap, for one person. */
interface Letter {
  readonly to: string;
  readonly wrap: NostrEvent;
}

export class Letters {
  readonly #ports: LettersPorts;
  #verifier: Promise<Verifier> | undefined;
  #stop: (() => void) | undefined;
  #isOpening = false;
  #isDue = false;

  constructor(ports: LettersPorts) {
    this.#ports = ports;
  }

  /** Receives for whoever is here now; to be called again when somebody comes or goes. */
  follow(pubkey: string | undefined): void {
    this.#stop?.();
    this.#stop = undefined;
    if (pubkey === undefined) return;
    const { city } = this.#ports;
    const release = city.subscribe({ filters: [{ kinds: [GIFT_WRAP], '#p': [pubkey] }] });
    const unwatch = city.watch([{ table: wraps.name, part: WAITING }], () => void this.#open());
    this.#stop = () => {
      release();
      unwatch();
    };
    void this.#open();
  }

  /** Says something in a talk: sealed for each of its people and for oneself, durable when it resolves. */
  async send(draft: Draft, people: readonly string[]): Promise<Result<Published, PublishFailure>> {
    const signer = this.#ports.signer();
    if (!signer) return fail('locked', 'Your account is locked on this device.');
    const dated = this.#ports.date(withTalk(draft, people, signer.pubkey), signer.pubkey);
    const rumor = makeRumor(dated, { author: signer.pubkey, to: people, at: dated.created_at });
    const letters: Letter[] = [];
    for (const to of new Set([...people, signer.pubkey])) {
      const wrap = await this.#wrap(rumor, to, signer);
      if (!wrap.ok) return wrap;
      letters.push({ to, wrap: wrap.value });
    }
    try {
      await this.#ports.city.record(
        { type: 'RumorSent', v: 1, rumor, wraps: letters.map(({ to, wrap }) => ({ id: wrap.id, to })) },
        ...letters.map(({ wrap }): LocalEvent => this.#queued(wrap)),
      );
    } catch (cause) {
      return fail(
        'storage',
        'This device could not store what you wrote. Free some space and try again.',
        cause,
      );
    }
    const first = letters.find(({ to }) => to !== signer.pubkey) ?? letters[0];
    const answer = this.#ports.engine.answerOf(first?.wrap.id ?? rumor.id);
    return ok({ event: { ...rumor, sig: '' }, answer });
  }

  /** Sends what was said here again now. */
  async retry(rumor: string): Promise<void> {
    const sent = await this.#ports.city.get(sentRumors, rumor);
    for (const wrap of sent?.wraps ?? []) await this.#ports.city.retry(wrap);
  }

  /** Gives up what was said here; what somebody has already stays theirs. */
  async discard(rumor: string): Promise<void> {
    const sent = await this.#ports.city.get(sentRumors, rumor);
    for (const wrap of sent?.wraps ?? []) await this.#ports.city.discard(wrap);
  }

  #queued(wrap: NostrEvent): LocalEvent {
    return { type: 'EventSigned', v: 1, event: wrap, relays: [this.#ports.city.relay] };
  }

  async #wrap(
    rumor: Parameters<typeof makeSeal>[0],
    to: string,
    signer: Signer,
  ): Promise<Result<NostrEvent, PublishFailure>> {
    const { clock, random } = this.#ports;
    if (!signer.cipher) return fail('impossible', 'What holds your key cannot seal messages (NIP-44).');
    const seal = await makeSeal(rumor, to, signer.cipher, blurred(clock.now(), random()));
    if (!seal.ok) return sealing(seal.error);
    const signed = await signer.sign(seal.value);
    if (!signed.ok) return signed;
    const secret = generateSecretKey();
    const once = new SecretCipher(() => secret);
    const wrap = await makeWrap(signed.value, to, once, blurred(clock.now(), random()));
    once.forget();
    if (!wrap.ok) return sealing(wrap.error);
    const { id, pubkey, created_at, kind, tags, content, sig } = finalizeEvent(
      plainDraft(wrap.value),
      secret,
    );
    return ok({ id, pubkey, created_at, kind, tags, content, sig });
  }

  /** One tab opens at a time; what comes meanwhile is opened in the next round. */
  async #open(): Promise<void> {
    this.#isDue = true;
    if (this.#isOpening) return;
    this.#isOpening = true;
    try {
      await this.#ports.alone('letters', async () => {
        while (this.#isDue) {
          this.#isDue = false;
          await this.#openWaiting();
        }
      });
    } finally {
      this.#isOpening = false;
    }
  }

  async #openWaiting(): Promise<void> {
    const { city, signer } = this.#ports;
    const waiting = await city.part(wraps, { part: WAITING, limit: OPEN_AT_ONCE });
    const here = signer();
    const mine = waiting.filter(({ event }) =>
      event?.tags.some(([name, to]) => name === 'p' && to === here?.pubkey),
    );
    if (!here?.cipher || mine.length === 0) return;
    const opened = await Promise.all(mine.map(({ event }) => (event ? this.#openOne(event, here) : [])));
    const events = opened.flat();
    if (events.length > 0) await city.record(...events);
    this.#isDue ||= events.length === OPEN_AT_ONCE;
  }

  /** A wrap that this key cannot open stays where it was locked or unreachable, and is put aside where it is for nobody. */
  async #openOne(wrap: NostrEvent, { cipher, pubkey }: Signer): Promise<LocalEvent[]> {
    if (!cipher) return [];
    this.#verifier ??= this.#ports.verifier();
    const rumor = await openWrap(wrap, cipher, await this.#verifier);
    if (rumor.ok) return [{ type: 'WrapOpened', v: 1, wrap: wrap.id, to: pubkey, rumor: rumor.value }];
    const inner = rumor.error.cause as Failure | undefined;
    const isLater = inner?.code === 'locked' || inner?.code === 'unreachable';
    return isLater ? [] : [{ type: 'WrapRefused', v: 1, wrap: wrap.id, reason: rumor.error.message }];
  }
}

const withTalk = (draft: Draft, people: readonly string[], self: string): Draft => ({
  ...draft,
  tags: [['h', talkOf(people, self)], ...draft.tags.filter(([name]) => name !== 'h')],
});

const sealing = (failure: Failure) =>
  fail(failure.code === 'locked' ? 'locked' : 'refused', failure.message, failure);
