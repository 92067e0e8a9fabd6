/** While a page is here: keeps what a wake may know, tells the city what has changed, and hears what the service worker says. */
import { parsePress, parseWorkerWord } from '#client/wake/press.ts';
import type { WakeCard } from '#client/wake/card.ts';
import type { CardKeeper } from '#client/wake/card-keeper.ts';
import type { Shunned } from '#client/lists/shunned/shunned.svelte.ts';
import { wantsOf } from '#client/wake/wants.ts';
import type { ConversationRow } from '#features/chat/index.ts';
import type { Place } from '#features/groups/index.ts';
import type { Bell, Notices } from '#features/notifications/index.ts';
import type { PushWant } from '#protocol/push.ts';
import type { Clock } from '#shared/time.ts';
import type { Session } from '../session.svelte.ts';
import { wakePlaces } from './wake-places.ts';

/** A notification that the device shows. */
interface ShownNotice {
  readonly tag: string;
  readonly data: unknown;
  close(): void;
}

/** The page's surroundings. Listening returns the way to stop. */
export interface WakingWindow {
  isVisible(): boolean;
  onvisibility(listener: () => void): () => void;
  every(ms: number, listener: () => void): () => void;
  /** Words of the service worker; answering `true` tells it that the page goes there. */
  onword(listener: (word: unknown) => boolean): () => void;
  shown(): Promise<readonly ShownNotice[]>;
}

export interface WakingPorts {
  readonly session: Pick<Session, 'account' | 'relay'>;
  readonly places: { readonly all: readonly Place[]; readonly isReady: boolean };
  readonly activity: { readonly rows: Readonly<Record<string, ConversationRow>> };
  readonly notices: Notices;
  readonly shunned: Pick<Shunned, 'isPlaceMuted' | 'muted' | 'blocked'>;
  readonly card: CardKeeper;
  /** The profile's id. */
  readonly profile: string;
  readonly window: WakingWindow;
  readonly clock: Clock;
}

/** Milliseconds in which changes are gathered. */
const GATHER = 1500;
/** Milliseconds between notes that the person has the city before their eyes. */
const SEEN_EVERY = 30_000;
/** What names no place is read by opening the city. */
const NAMELESS = 'city';

export class Waking {
  readonly #ports: WakingPorts;
  #bell: Bell | undefined;
  /** Unix seconds. */
  #seenUpTo: number;
  #toldWants = '';
  #wasVisible: boolean | undefined;

  constructor(ports: WakingPorts) {
    this.#ports = ports;
    this.#seenUpTo = ports.clock.now();
  }

  /** What may wake this device now; nothing without an account. */
  wants(): readonly PushWant[] {
    const card = this.#card();
    return card ? wantsOf(card.places, card.pubkey, this.#ports.clock.now()) : [];
  }

  /** Keeps what a wake may know, or forgets it. */
  async turned(isOn: boolean): Promise<void> {
    const card = this.#card();
    await (isOn && card ? this.#ports.card.keep(card) : this.#ports.card.clear());
  }

  /** From now on until stopped. `go` leads to a path of this app. */
  follow(bell: Bell, go: (path: string) => void): () => void {
    this.#bell = bell;
    const { window } = this.#ports;
    const see = (): void => void this.#see();
    const stops = [
      window.onvisibility(see),
      window.every(SEEN_EVERY, see),
      window.onword((word) => this.#hear(word, go)),
      $effect.root(() => {
        $effect(() => this.#gather());
      }),
    ];
    void bell.refresh();
    see();
    return () => stops.forEach((stop) => stop());
  }

  #gather(): (() => void) | undefined {
    const { places, activity } = this.#ports;
    const card = this.#card();
    if (!this.#bell?.isOn || !places.isReady || !card) return undefined;
    const { rows } = activity;
    const timer = setTimeout(() => void this.#keepUp(card, rows).catch(complain), GATHER);
    return () => clearTimeout(timer);
  }

  async #keepUp(card: WakeCard, rows: Readonly<Record<string, ConversationRow>>): Promise<void> {
    await this.#ports.card.keep({ ...card, seenUpTo: this.#seenUpTo });
    await this.#tellCity();
    await this.#closeShown((conversation) => rows[conversation]?.unread === 0);
  }

  /** The desk knows best whether the city has to be told; it is asked once a page, for each change, and again after a failure. */
  async #tellCity(): Promise<void> {
    const wants = JSON.stringify(this.wants());
    if (wants === this.#toldWants) return;
    await this.#bell?.keepUp();
    this.#toldWants = this.#bell?.trouble ? '' : wants;
  }

  async #see(): Promise<void> {
    if (!this.#ports.window.isVisible() && this.#wasVisible === false) return;
    this.#wasVisible = this.#ports.window.isVisible();
    this.#seenUpTo = this.#ports.clock.now();
    const card = this.#card();
    if (!this.#bell?.isOn || !card || !this.#ports.places.isReady) return;
    await this.#ports.card.keep(card).catch(complain);
    await this.#tellCity();
    await this.#closeShown(() => false);
  }
  /** Takes down what was read meanwhile, and what only said that there is something. */
  async #closeShown(isRead: (conversation: string) => boolean): Promise<void> {
    const { window } = this.#ports;
    for (const notice of await window.shown()) {
      const { conversation } = parsePress(notice.data);
      const isNameless = notice.tag === NAMELESS && window.isVisible();
      if (isNameless || (conversation !== undefined && isRead(conversation))) notice.close();
    }
  }

  #hear(value: unknown, go: (path: string) => void): boolean {
    const word = parseWorkerWord(value);
    if (word?.type === 'woken') void this.#bell?.woken(word.test);
    if (word?.type !== 'go') return false;
    // Another profile's notification leads no further than here.
    if (word.profile === undefined || word.profile === this.#ports.profile) go(word.path);
    return true;
  }

  #card(): WakeCard | undefined {
    const { session, places, activity, notices, shunned } = this.#ports;
    const { account, relay } = session;
    if (!account) return undefined;
    return {
      relay,
      pubkey: account.pubkey,
      showsWords: notices.settings.noticeWords,
      seenUpTo: this.#seenUpTo,
      places: wakePlaces(
        places.all.filter(({ id }) => !shunned.isPlaceMuted(id)),
        notices,
        activity.rows,
      ),
      shunned: {
        people: [...shunned.muted.people, ...shunned.blocked],
        words: shunned.muted.words,
      },
    };
  }
}

const complain = (cause: unknown): void => console.error('What a wake may know could not be kept', cause);
