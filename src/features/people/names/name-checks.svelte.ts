/** Which addresses (NIP-05) truly belong to whom: asked of the city, kept with an age, told only once it is known. */
import { SvelteMap } from 'svelte/reactivity';
import { parseNameAddress, shownAddress } from '#protocol/names/addresses.ts';
import type { NameOwner } from '#protocol/names/addresses.ts';
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import type { Failure, Result } from '#shared/result.ts';
import { DAY, HOUR, MINUTE } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { AskQueue } from '../ask-queue.ts';

/** What was found behind an address. */
interface Checked {
  /** Undefined: nobody has it. */
  readonly owner?: string | undefined;
  /** Unix seconds. */
  readonly at: number;
  /** Whose it was before, where that was known here. */
  readonly before?: string | undefined;
}

/** `verified`: the address leads to this very key; `claimed`: they say so and nobody confirms it; `moved`: it led to this key and does not any more. */
export type NameStanding = 'verified' | 'claimed' | 'moved';

/** An address as it is shown. */
export interface ShownName {
  readonly text: string;
  readonly standing: NameStanding;
}

interface NameChecksPorts {
  readonly ownerOf: (address: string) => Promise<Result<NameOwner | undefined, Failure>>;
  readonly memory: { read(): Promise<unknown>; write(value: unknown): Promise<void> };
  readonly clock: Clock;
}

const FRESH = DAY;
const FRESH_WITHOUT = HOUR;
/** Where nobody answers, what was true stays so for a while. */
const OLDEST = 7 * DAY;
const ASK_AGAIN = 10 * MINUTE;
const AT_ONCE = 2;
const MOST_KEPT = 1_000;
const GATHER_MS = 300;

const parseKept = (value: unknown): [string, Checked][] =>
  (Array.isArray(value) ? value : []).flatMap((one: unknown) => {
    if (!Array.isArray(one)) return [];
    const [address, checked] = one as unknown[];
    if (typeof address !== 'string' || !isRecord(checked) || typeof checked['at'] !== 'number') return [];
    const key = (name: string) => (isHex64(checked[name]) ? { [name]: checked[name] } : {});
    return [[address, { at: checked['at'], ...key('owner'), ...key('before') }]];
  });

export class NameChecks {
  readonly #ports: NameChecksPorts;
  readonly #known = new SvelteMap<string, Checked>();
  readonly #queue: AskQueue;
  #loaded: Promise<void> | undefined;

  constructor(ports: NameChecksPorts) {
    this.#ports = ports;
    const { clock } = ports;
    this.#queue = new AskQueue({
      ...{ gather: GATHER_MS, again: ASK_AGAIN, clock },
      flush: (addresses) => void this.#ask(addresses),
    });
  }

  /** How an address that a person states is to be shown; undefined for what is none. Reactive; reading it asks. */
  of(pubkey: string, stated: string | undefined): ShownName | undefined {
    const address = parseNameAddress(stated ?? '');
    if (!address.ok) return undefined;
    const known = this.#known.get(address.value.text);
    if (!this.#isFresh(known)) this.#queue.want(address.value.text);
    return { text: shownAddress(address.value), standing: this.#standing(pubkey, known) };
  }

  /** Stops asking. */
  stop(): void {
    this.#queue.stop();
  }

  #standing(pubkey: string, known: Checked | undefined): NameStanding {
    if (known?.owner === pubkey && this.#ports.clock.now() - known.at < OLDEST) return 'verified';
    return known?.before === pubkey ? 'moved' : 'claimed';
  }

  #isFresh(known: Checked | undefined): known is Checked {
    const age = this.#ports.clock.now() - (known?.at ?? -Infinity);
    return age < (known?.owner === undefined ? FRESH_WITHOUT : FRESH);
  }

  async #ask(addresses: readonly string[]): Promise<void> {
    await (this.#loaded ??= this.#load());
    const waiting = addresses.values();
    const askNext = async (): Promise<void> => {
      for (const address of waiting) {
        const known = this.#known.get(address);
        const asked = this.#isFresh(known) ? undefined : await this.#ports.ownerOf(address);
        if (asked?.ok) this.#note(address, known, asked.value?.pubkey);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  }

  #note(address: string, known: Checked | undefined, owner: string | undefined): void {
    const before = known?.owner !== undefined && known.owner !== owner ? known.owner : known?.before;
    this.#known.set(address, { at: this.#ports.clock.now(), owner, before });
    while (this.#known.size > MOST_KEPT) {
      const [oldest] = [...this.#known].sort(([, a], [, b]) => a.at - b.at);
      if (oldest) this.#known.delete(oldest[0]);
    }
    this.#ports.memory
      .write([...this.#known])
      .catch((cause: unknown) => console.error('What is known of names was not kept', cause));
  }

  async #load(): Promise<void> {
    for (const [address, checked] of parseKept(await this.#ports.memory.read()))
      if (!this.#known.has(address)) this.#known.set(address, checked);
  }
}
