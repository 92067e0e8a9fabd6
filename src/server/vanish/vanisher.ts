/**
 * Carries out requests to vanish (NIP-62) behind the request's answer, in small steps that others get between: the
 * ledger has marked the key by then, so nothing of it comes back. Steps may be repeated: what a stop or a failure left
 * is done later.
 */
import type { Clock } from '#shared/time.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { makeDeleteGroup, makeRemoveUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { groupOf } from '#protocol/tags.ts';
import type { CityKey } from '../city-key.ts';
import type { Database } from '../db/database.ts';
import type { GroupDirectory } from '../groups/directory.ts';
import type { GroupState } from '../groups/state.ts';
import { withMaker } from '../groups/evolve.ts';
import type { Ledger } from '../ledger/ledger.ts';
import {
  endVanishing,
  eraseEvents,
  eraseLetters,
  eraseRemoved,
  eraseTombstones,
  findInvites,
  pendingVanishings,
  renameMaker,
  takeOverActions,
} from '../store/vanishing.ts';
import type { Placed, Vanishing } from '../store/vanishing.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import { reissue, takeOver } from './take-over.ts';

/** Takes away what one part of the city keeps of a key; may be asked again. Throws on I/O. */
type Eraser = (vanishing: Vanishing) => Promise<void>;

interface VanisherPorts {
  readonly db: Database;
  readonly directory: GroupDirectory;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly key: CityKey;
  readonly clock: Clock;
  readonly log: Log;
  /** Beside events: devices to wake, and whatever else is kept of a key. */
  readonly erasers: readonly Eraser[];
}

/** Events at once: few enough that nobody waits for them. */
const STEP = 500;
const PLACES_AT_ONCE = 64;

export class Vanisher {
  #ports: VanisherPorts;
  #tail: Promise<void> = Promise.resolve();
  #waiting = false;
  #closed = false;

  constructor(ports: VanisherPorts) {
    this.#ports = ports;
  }

  /** Hears every committed event. */
  deliver(events: readonly NostrEvent[]): void {
    if (events.some(({ kind }) => kind === kinds.VANISH)) void this.tend();
  }

  /** Carries out what was asked for and isn't done; a failure is told and tried again next time. */
  tend(): Promise<void> {
    if (this.#waiting || this.#closed) return this.#tail;
    this.#waiting = true;
    this.#tail = this.#tail.then(async () => {
      this.#waiting = false;
      try {
        for (const vanishing of await pendingVanishings(this.#ports.db)) await this.#carryOut(vanishing);
      } catch (cause) {
        this.#ports.log.error('a request to vanish is not carried out yet', causeOf(cause));
      }
    });
    return this.#tail;
  }

  /** Ends after the step at hand; the rest is done after the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
  }

  async #carryOut(vanishing: Vanishing): Promise<void> {
    await this.#leavePlaces(vanishing);
    await this.#takeOverActions(vanishing);
    const { db, erasers } = this.#ports;
    for (const erase of [eraseEvents, eraseLetters])
      while (!this.#closed && (await erase(db, vanishing, STEP)) > 0);
    for (const erase of erasers) await erase(vanishing);
    if (this.#closed) return;
    await eraseRemoved(db, vanishing);
    await eraseTombstones(db, vanishing);
    await endVanishing(db, vanishing);
  }

  /** Out of every place, by the city's own 9001; a place where nobody else is ends. */
  async #leavePlaces({ pubkey, until }: Vanishing): Promise<void> {
    const { directory, ledger } = this.#ports;
    const places = [...directory.all()].filter((state) => {
      const membership = state.members.get(pubkey);
      return !state.deleted && membership !== undefined && membership.joinedAt <= until;
    });
    for (let from = 0; from < places.length && !this.#closed; from += PLACES_AT_ONCE) {
      const some = places.slice(from, from + PLACES_AT_ONCE);
      const answers = await Promise.all(
        some.flatMap((state) => this.#farewell(state, pubkey).map((event) => ledger.submit(event))),
      );
      const failed = answers.find(({ message }) => message.startsWith('error:'));
      if (failed) throw new Error(failed.message);
    }
  }

  #farewell(state: GroupState, pubkey: string): NostrEvent[] {
    const { key, clock } = this.#ports;
    const drafts = [
      makeRemoveUser(state.id, pubkey),
      ...(state.members.size === 1 ? [makeDeleteGroup(state.id)] : []),
    ];
    return drafts.map((draft) => key.sign({ ...draft, created_at: clock.now() }));
  }

  async #takeOverActions(vanishing: Vanishing): Promise<void> {
    const { db, directory, key } = this.#ports;
    const { pubkey } = vanishing;
    await this.#reissueInvites(vanishing);
    const places = new Set<string>();
    const sayAgain = (old: Placed): NostrEvent | undefined => {
      const draft = takeOver(old);
      places.add(groupOf(old.event) ?? '');
      return draft && key.sign(draft);
    };
    while (!this.#closed && (await takeOverActions(db, vanishing, { most: STEP, sayAgain })) > 0);
    await renameMaker(db, { places: [...places], from: pubkey, to: key.pubkey });
    for (const place of places) {
      const state = directory.get(place);
      if (state) directory.put(withMaker(state, pubkey, key.pubkey));
    }
  }

  /** Invitations that still hold are given anew by the city, with the uses that are left; the others just go. */
  async #reissueInvites(vanishing: Vanishing): Promise<void> {
    const { db, directory, ledger, key, clock } = this.#ports;
    for (const event of await findInvites(db, vanishing)) {
      const state = directory.get(groupOf(event) ?? '');
      const draft = state && reissue(state, event);
      if (!draft) continue;
      const { message } = await ledger.submit(key.sign({ ...draft, created_at: clock.now() }));
      if (message.startsWith('error:')) throw new Error(message);
    }
  }
}
