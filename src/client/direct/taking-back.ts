/** What its author took back lies at the relays no longer, either: its wraps are taken away by whom they were for (NIP-09, NIP-59). */
import type { Rumor } from '#protocol/direct/rumors.ts';
import { DELETION, EDIT, GIFT_WRAP } from '#protocol/kinds.ts';
import { makeDeletion, parseDeletion } from '#protocol/messages.ts';
import { tagValue } from '#protocol/tags.ts';
import type { Clock } from '#shared/time.ts';
import type { City } from '../city/city.ts';
import type { Signer } from '../keys/signer.ts';
import type { InboxBook } from './inbox-book.ts';
import { saying, takenBack, wraps } from './tables.ts';

export interface TakingBackPorts {
  readonly city: Pick<City, 'relay' | 'part' | 'get' | 'record'>;
  readonly inboxes: Pick<InboxBook, 'of'>;
  readonly signer: () => Signer | undefined;
  readonly clock: Clock;
}

/** The line that a rumor says, or words anew. */
export const whatSays = (rumor: Pick<Rumor, 'id' | 'kind' | 'tags'>): string =>
  (rumor.kind === EDIT ? tagValue(rumor, 'e') : undefined) ?? rumor.id;

interface Said {
  readonly author: string;
  readonly says: string;
}

export class TakingBack {
  readonly #ports: TakingBackPorts;

  constructor(ports: TakingBackPorts) {
    this.#ports = ports;
  }

  /** These have come, or were said here, and are kept: what one of them takes back, and what was taken back before it came. */
  async follow(rumors: readonly Rumor[]): Promise<void> {
    const gone = await Promise.all(rumors.map((rumor) => this.#gone(rumor)));
    const found = await Promise.all(gone.flat().map((said) => this.#wrapsOf(said)));
    const ids = [...new Set(found.flat())];
    const signer = this.#ports.signer();
    if (ids.length === 0 || !signer) return;
    const draft = makeDeletion(ids.map((id) => ({ id, kind: GIFT_WRAP })));
    const signed = await signer.sign({ ...draft, created_at: this.#ports.clock.now() });
    if (!signed.ok) return;
    const relays = new Set([
      this.#ports.city.relay,
      ...((await this.#ports.inboxes.of(signer.pubkey)) ?? []),
    ]);
    await this.#ports.city.record({ type: 'EventSigned', v: 1, event: signed.value, relays: [...relays] });
  }

  async #gone(rumor: Rumor): Promise<readonly Said[]> {
    const author = rumor.pubkey;
    if (rumor.kind === DELETION)
      return parseDeletion({ ...rumor, sig: '' }).map((says) => ({ author, says }));
    const said = { author, says: whatSays(rumor) };
    return (await this.#ports.city.get(takenBack, `${author} ${said.says}`)) ? [said] : [];
  }

  /** Only what its own author said. */
  async #wrapsOf({ author, says }: Said): Promise<string[]> {
    const found = await this.#ports.city.part(wraps, { part: saying(says) });
    return found.flatMap((row) => (row.author === author ? [row.id] : []));
  }
}
