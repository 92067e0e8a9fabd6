/** Where wraps are opened and made: in a thread of their own with a key of this device, else where the signer is. */
import { openWrap } from '#protocol/direct/wraps.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { PublishFailure } from '../../city/city.ts';
import type { Signer } from '../../keys/signer.ts';
import { wrapFor } from '../wrapping.ts';
import type { WrapTools, WrapWish } from '../wrapping.ts';

/** `later`: what holds the key is locked or does not answer; nothing is known of the wrap. */
export type OpenedWrap =
  | { readonly type: 'rumor'; readonly rumor: Rumor }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'later' };

export interface LetterDesk {
  /** Opens wraps for the desk's own key, in order. */
  open(wraps: readonly NostrEvent[]): Promise<readonly OpenedWrap[]>;
  /** One wrap of a rumor for each of these people, in order; the first failure ends it. */
  wrap(
    rumor: Rumor,
    people: readonly string[],
    wish: WrapWish,
  ): Promise<Result<readonly NostrEvent[], PublishFailure>>;
}

export interface DeskTools extends WrapTools {
  readonly verifier: Promise<Verifier>;
}

const opened = async (wrap: NostrEvent, { cipher }: Signer, verifier: Verifier): Promise<OpenedWrap> => {
  if (!cipher) return { type: 'later' };
  const rumor = await openWrap(wrap, cipher, verifier);
  if (rumor.ok) return { type: 'rumor', rumor: rumor.value };
  const inner = rumor.error.cause as Failure | undefined;
  const isLater = inner?.code === 'locked' || inner?.code === 'unreachable';
  return isLater ? { type: 'later' } : { type: 'refused', reason: rumor.error.message };
};

/** A desk that asks the signer for each step, here. */
export const deskOf = (signer: Signer, { verifier, ...tools }: DeskTools): LetterDesk => ({
  async open(wraps) {
    const checks = await verifier;
    return Promise.all(wraps.map((wrap) => opened(wrap, signer, checks)));
  },
  async wrap(rumor, people, wish) {
    const wraps: NostrEvent[] = [];
    for (const to of people) {
      const wrap = await wrapFor(rumor, to, signer, wish, tools);
      if (!wrap.ok) return wrap;
      wraps.push(wrap.value);
    }
    return { ok: true, value: wraps };
  },
});
