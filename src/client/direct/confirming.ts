/** Tells people that their words have come and were read, where they may know (kind 20014). */
import { makeReceipt } from '#protocol/direct/receipts.ts';
import type { ReceiptStatus } from '#protocol/direct/receipts.ts';
import { isSaid } from '#protocol/direct/rumors.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
import type { Draft } from '#protocol/event.ts';
import { DAY } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { SendOptions } from './wrapping.ts';

/** Seconds after which nobody waits for a receipt any more. */
const LIVES = 30 * DAY;

/** Somebody's line in a talk. */
export interface HeardLine {
  readonly id: string;
  readonly author: string;
  /** Unix seconds. */
  readonly at: number;
}

interface ConfirmingPorts {
  readonly heard: (talk: string, upTo: number) => Promise<readonly HeardLine[]>;
  readonly confirms: (person: string) => Promise<boolean>;
  readonly tells?: (person: string, what: 'read') => boolean;
  readonly send: (draft: Draft, people: readonly string[], options: SendOptions) => Promise<unknown>;
  readonly clock: Clock;
}

export class Confirming {
  readonly #ports: ConfirmingPorts;
  /** By status and talk or person: the newest line that was confirmed while the page lives. */
  readonly #told = new Map<string, HeardLine>();

  constructor(ports: ConfirmingPorts) {
    this.#ports = ports;
  }

  /** What has come from others: each author learns of the newest of theirs. What is older than anybody waits for is not confirmed. */
  async delivered(rumors: readonly Rumor[], self: string): Promise<void> {
    const fresh = this.#ports.clock.now() - LIVES;
    const newest = new Map<string, HeardLine>();
    for (const rumor of rumors) {
      const { id, pubkey: author, created_at: at } = rumor;
      if (!isSaid(rumor) || author === self || at < fresh || (newest.get(author)?.at ?? 0) > at) continue;
      newest.set(author, { id, author, at });
    }
    for (const line of newest.values()) await this.#tell(line, 'delivered');
  }

  /** A talk was read up to a time (Unix seconds). */
  async read(talk: string, upTo: number): Promise<void> {
    for (const line of await this.#ports.heard(talk, upTo))
      if (line.at >= this.#ports.clock.now() - LIVES) await this.#tell(line, 'read', talk);
  }

  async #tell(line: HeardLine, status: ReceiptStatus, talk = ''): Promise<void> {
    const { id, author, at } = line;
    if (status === 'read' && this.#ports.tells?.(author, 'read') === false) return;
    const key = `${status} ${author} ${talk}`;
    const told = this.#told.get(key);
    if (told?.id === id || (told?.at ?? 0) > at || !(await this.#ports.confirms(author))) return;
    this.#told.set(key, line);
    const expires = this.#ports.clock.now() + LIVES;
    await this.#ports.send(makeReceipt({ line: id, status }), [author], { isNote: true, expires });
  }
}
