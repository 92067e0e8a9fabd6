/** From an intent to a queued event: time, work, signature, outbox. */
import type { Draft, UnsignedEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { groupOf, hasTag } from '#protocol/tags.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { PublishFailure, PublishOptions, Published } from '#client/city/city.ts';
import type { Tasks } from '#client/city/tasks.svelte.ts';
import type { Engine } from '#client/engine/engine.ts';
import type { Signer } from '#client/keys/signer.ts';
import type { Miner, MiningProgress } from '#client/mining/miner.ts';

export interface PublishingPorts {
  readonly engine: Pick<Engine, 'enqueue' | 'answerOf'>;
  readonly miner: Pick<Miner, 'mine'>;
  readonly tasks: Pick<Tasks, 'start'>;
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

/** Mines, signs and queues drafts, and keeps one author's lines in the order in which they were written. */
export class Publishing {
  readonly #ports: PublishingPorts;
  readonly #latest = new Map<string, number>();

  constructor(ports: PublishingPorts) {
    this.#ports = ports;
  }

  /** Durable when it resolves; `answer` comes whenever a relay speaks. */
  async publish(
    draft: Draft,
    signer: Signer,
    options: PublishOptions = {},
  ): Promise<Result<Published, PublishFailure>> {
    const { engine, pow } = this.#ports;
    const unsigned = { ...draft, pubkey: signer.pubkey, created_at: this.#timeFor(draft) };
    const bits = workAsked(draft, pow());
    const worked = bits > 0 ? await this.#mine(unsigned, bits, options) : ok(unsigned);
    if (!worked.ok) return worked;
    const signed = await signer.sign(worked.value);
    if (!signed.ok) return signed;
    try {
      await engine.enqueue(signed.value, options.relays);
    } catch (cause) {
      return fail(
        'storage',
        'This device could not store what you wrote. Free some space and try again.',
        cause,
      );
    }
    return ok({ event: signed.value, answer: engine.answerOf(signed.value.id) });
  }

  /**
   * Unix seconds. Two lines of one second would be ordered by their random ids, so the later one is dated a second on;
   * the same keeps a replaceable event newer than the one before it.
   */
  #timeFor(draft: Draft): number {
    const key = groupOf(draft) ?? `kind ${draft.kind}`;
    const time = draft.created_at ?? Math.max(this.#ports.clock.now(), (this.#latest.get(key) ?? 0) + 1);
    this.#latest.set(key, time);
    return time;
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
