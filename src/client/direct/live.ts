/** What is said in private while it is so: in wraps that nobody stores (kind 21059), to people who may know. */
import { asTalkEvent, makeRumor } from '#protocol/direct/rumors.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { matchesAny } from '#protocol/filters.ts';
import { EPHEMERAL_GIFT_WRAP } from '#protocol/kinds.ts';
import type { Clock } from '#shared/time.ts';
import type { Engine, SyncRequest } from '../engine/engine.ts';
import type { Signer } from '../keys/signer.ts';
import type { LetterDesk } from './desk/desk.ts';
import type { InboxBook } from './inbox-book.ts';

interface LivePorts {
  readonly engine: Pick<Engine, 'listen' | 'say'>;
  readonly inboxes: Pick<InboxBook, 'of'>;
  readonly signer: () => Signer | undefined;
  readonly desk: (signer: Signer) => LetterDesk;
  readonly confirms: (person: string) => Promise<boolean>;
  readonly tells?: (person: string, what: 'writing') => boolean;
  readonly clock: Clock;
}

/** More wraps than this under way at once are a flood: what is live is not waited for. */
const OPEN_AT_ONCE = 8;

export class Live {
  readonly #ports: LivePorts;
  #opening = 0;

  constructor(ports: LivePorts) {
    this.#ports = ports;
  }

  /** Says it to those of these people who may know; nothing where the key does not sign without asking. */
  async say(draft: Draft, people: readonly string[]): Promise<void> {
    const { clock, confirms, desk, engine, inboxes, signer: seat, tells } = this.#ports;
    const signer = seat();
    if (signer?.kind !== 'device') return;
    const rumor = makeRumor(draft, { author: signer.pubkey, to: people, at: clock.now() });
    for (const to of people) {
      if (to === signer.pubkey || tells?.(to, 'writing') === false || !(await confirms(to))) continue;
      const relays = await inboxes.of(to);
      const made = relays && (await desk(signer).wrap(rumor, [to], { now: clock.now(), isLive: true }));
      if (made?.ok) for (const wrap of made.value) await engine.say(wrap, relays);
    }
  }

  /** Tells of what is said live in a talk, by people of that talk. */
  listen({ filters }: SyncRequest, heard: (event: NostrEvent) => void): () => void {
    const self = this.#ports.signer()?.pubkey;
    if (self === undefined) return () => undefined;
    const wrapped = { filters: [{ kinds: [EPHEMERAL_GIFT_WRAP], '#p': [self] }] };
    return this.#ports.engine.listen(wrapped, (wrap) => {
      void this.#open(wrap, self).then((event) => {
        if (event && matchesAny(filters, event)) heard(event);
      });
    });
  }

  async #open(wrap: NostrEvent, self: string): Promise<NostrEvent | undefined> {
    const signer = this.#ports.signer();
    if (!signer || this.#opening >= OPEN_AT_ONCE) return undefined;
    this.#opening += 1;
    try {
      const [opened] = await this.#ports.desk(signer).open([wrap]);
      return opened?.type === 'rumor' ? asTalkEvent(opened.rumor, self) : undefined;
    } finally {
      this.#opening -= 1;
    }
  }
}
