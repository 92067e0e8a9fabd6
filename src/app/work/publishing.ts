/** From an intent to a queued event: time, work, signature, outbox. */
import { eventId } from '#protocol/event.ts';
import type { Draft, UnsignedEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { isLine } from '#protocol/messages.ts';
import { groupOf, hasTag, identifierOf } from '#protocol/tags.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { PublishFailure, PublishOptions, Published } from '#client/city/city.ts';
import type { Tasks } from '#client/city/tasks.svelte.ts';
import type { Engine } from '#client/engine/engine.ts';
import { checkKept } from '#client/keys/check-signed.ts';
import type { Signer } from '#client/keys/signer.ts';
import type { Miner, MiningProgress } from '#client/mining/miner.ts';
import type { DeliveryFailure } from '#client/mining/queue/ports.ts';
import type { WorkQueue } from '#client/mining/queue/work-queue.ts';
import { m } from '#messages/paraglide/messages.js';
import { Dating } from './dating.ts';

interface DeliveryOptions {
  readonly relays?: readonly string[] | undefined;
  readonly instead?: string | undefined;
  readonly after?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PublishingPorts {
  readonly engine: Pick<Engine, 'enqueue' | 'answerOf'>;
  readonly miner: Pick<Miner, 'mine'>;
  readonly tasks: Pick<Tasks, 'start'>;
  /** For work that may take longer than a page lives. */
  readonly work: Pick<WorkQueue<Published>, 'add' | 'wake'>;
  readonly clock: Clock;
  /** Kind → bits, as the city asks. */
  readonly pow: () => Readonly<Record<string, number>>;
  /** The tray's line for a progress report, in the person's language. */
  readonly describe: (progress: MiningProgress) => string;
}

/** Bits that the city asks for a draft; a block list without people is free. */
export const workAsked = (
  draft: Pick<Draft, 'kind' | 'tags'>,
  pow: Readonly<Record<string, number>>,
): number => (draft.kind === kinds.BLOCK_LIST && !hasTag(draft, 'p') ? 0 : (pow[String(draft.kind)] ?? 0));

/** From so many bits on, work is kept on this device until it is done. */
const LONG_WORK = 16;

/**
 * What work is for. Of the same slot only the latest is wanted: the newest version of a replaceable event, one try at
 * making a place; anything else has a slot of its own.
 */
export const slotOf = (event: UnsignedEvent): string => {
  const about = kinds.isReplaceable(event.kind)
    ? ''
    : ((kinds.isAddressable(event.kind) ? identifierOf(event) : placeOf(event)) ??
      eventId({ ...event, created_at: 0 }));
  return `${event.pubkey} ${event.kind} ${about}`;
};

/** Lines of one place are many. */
const placeOf = (event: UnsignedEvent): string | undefined => (isLine(event) ? undefined : groupOf(event));

/** Mines, signs and queues drafts, and keeps one author's lines in the order in which they were written. */
export class Publishing {
  readonly #ports: PublishingPorts;
  readonly #dating: Dating;

  constructor(ports: PublishingPorts) {
    this.#ports = ports;
    this.#dating = new Dating(ports.clock);
  }

  /** Durable when it resolves; `answer` comes whenever a relay speaks. */
  async publish(
    draft: Draft,
    signer: Signer,
    options: PublishOptions = {},
  ): Promise<Result<Published, PublishFailure>> {
    const { pow } = this.#ports;
    const unsigned = { ...this.#dating.date(draft, signer.pubkey), pubkey: signer.pubkey };
    const bits = Math.max(workAsked(draft, pow()), options.work ?? 0);
    if (bits >= LONG_WORK) return this.#workLong(unsigned, bits, options);
    const worked = bits > 0 ? await this.#mine(unsigned, bits, options) : ok(unsigned);
    return worked.ok ? this.deliver(worked.value, signer, options) : worked;
  }

  /** Signs and queues; an event that comes back changed is not sent, nor one that is given up during the signature. */
  async deliver(
    event: UnsignedEvent,
    signer: Signer,
    { relays, instead, after, signal }: DeliveryOptions = {},
  ): Promise<Result<Published, DeliveryFailure>> {
    const { engine } = this.#ports;
    const { kind, tags, content, created_at } = event;
    const signed = await signer.sign({ kind, tags, content, created_at });
    if (!signed.ok) return signed;
    const kept = checkKept(signed.value, event);
    if (!kept.ok) return kept;
    if (signal?.aborted) return fail('refused', 'You stopped this.');
    try {
      await engine.enqueue(signed.value, { relays, instead, after });
    } catch (cause) {
      return fail(
        'storage',
        'This device could not store what you wrote. Free some space and try again.',
        cause,
      );
    }
    return ok({ event: signed.value, answer: engine.answerOf(signed.value.id) });
  }

  /** Somebody can sign now: work that waited for it goes out. */
  wake(): void {
    this.#ports.work.wake();
  }

  #workLong(
    event: UnsignedEvent,
    bits: number,
    { title = m.shell_work_untitled(), ...options }: PublishOptions,
  ): Promise<Result<Published, PublishFailure>> {
    const { relays, signal, instead, after } = options;
    return this.#ports.work.add({ slot: slotOf(event), title, event, bits, relays, signal, instead, after });
  }

  async #mine(
    event: UnsignedEvent,
    bits: number,
    { title, signal }: PublishOptions,
  ): Promise<Result<UnsignedEvent, Failure<'cancelled' | 'impossible' | 'worker'>>> {
    const { miner, tasks, describe } = this.#ports;
    const abort = new AbortController();
    const stop = () => abort.abort();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const task = title === undefined ? undefined : tasks.start(title, stop);
    try {
      return await miner.mine(event, bits, {
        signal: abort.signal,
        onProgress: (progress) => task?.update(describe(progress)),
      });
    } finally {
      task?.end();
      signal?.removeEventListener('abort', stop);
    }
  }
}
