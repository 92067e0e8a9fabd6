/** What comes sealed is opened as soon as there is a key for it (NIP-17, NIP-59). */
import type { Rumor } from '#protocol/direct/rumors.ts';
import { GIFT_WRAP } from '#protocol/kinds.ts';
import { isExpired } from '#protocol/tags.ts';
import type { Clock } from '#shared/time.ts';
import type { City } from '../city/city.ts';
import type { Signer } from '../keys/signer.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { LetterDesk, OpenedWrap } from './desk/desk.ts';
import type { InboxBook } from './inbox-book.ts';
import { TOO_LATE, WAITING, wraps } from './tables.ts';

export interface OpeningPorts {
  readonly city: Pick<City, 'relay' | 'part' | 'watch' | 'record' | 'subscribe'>;
  readonly inboxes: Pick<InboxBook, 'of'>;
  /** Who is here and can open. */
  readonly signer: () => Signer | undefined;
  /** Where this signer's wraps are opened. */
  readonly desk: (signer: Signer) => LetterDesk;
  readonly clock: Clock;
  /** Runs the work while no other tab does the like. */
  readonly alone: (name: string, work: () => Promise<void>) => Promise<void>;
  /** Called with what came from others, once it is kept. */
  readonly opened: (rumors: readonly Rumor[], self: string) => Promise<void>;
}

const OPEN_AT_ONCE = 50;
/** Letters that are asked for with the live ones. */
const NEWEST = 100;

export class Opening {
  readonly #ports: OpeningPorts;
  #isOpening = false;
  #isDue = false;

  constructor(ports: OpeningPorts) {
    this.#ports = ports;
  }

  /** Receives for an account: at the city, and wherever else it has said that it reads. Returns the way to stop. */
  follow(pubkey: string): () => void {
    const { city, inboxes } = this.#ports;
    const filters = [{ kinds: [GIFT_WRAP], '#p': [pubkey] }];
    const stops = [
      // What is older the engine catches up on.
      city.subscribe({ filters: filters.map((filter) => ({ ...filter, limit: NEWEST })) }),
      city.watch([{ table: wraps.name, part: WAITING }], () => void this.#open()),
    ];
    let isStopped = false;
    void inboxes.of(pubkey).then((relays = []) => {
      if (isStopped) return;
      for (const relay of relays) if (relay !== city.relay) stops.push(city.subscribe({ relay, filters }));
    });
    void this.#open();
    return () => {
      isStopped = true;
      stops.forEach((stop) => stop());
    };
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
    const { city, clock, desk, signer } = this.#ports;
    const waiting = await city.part(wraps, { part: WAITING, limit: OPEN_AT_ONCE });
    const here = signer();
    const mine = waiting.flatMap(({ event }) =>
      event?.tags.some(([name, to]) => name === 'p' && to === here?.pubkey) ? [event] : [],
    );
    if (!here?.cipher || mine.length === 0) return;
    const opened = await desk(here).open(mine);
    const events = mine.flatMap((wrap, at) => toldOf(wrap.id, here.pubkey, opened[at], clock.now()));
    if (events.length > 0) await city.record(...events);
    this.#isDue ||= events.length === OPEN_AT_ONCE;
    const rumors = events.flatMap((one) => (one.type === 'WrapOpened' ? [one.rumor] : []));
    if (rumors.length > 0) await this.#ports.opened(rumors, here.pubkey);
  }
}

/** A wrap that this key cannot open stays where it was locked or unreachable, and is put aside where it is for nobody. */
const toldOf = (wrap: string, to: string, opened: OpenedWrap | undefined, now: number): LocalEvent[] => {
  if (opened?.type === 'rumor' && isExpired(opened.rumor, now))
    return [{ type: 'WrapRefused', v: 1, wrap, reason: TOO_LATE }];
  if (opened?.type === 'rumor') return [{ type: 'WrapOpened', v: 1, wrap, to, rumor: opened.rumor }];
  return opened?.type === 'refused' ? [{ type: 'WrapRefused', v: 1, wrap, reason: opened.reason }] : [];
};
