/** One way out for every command: an account, a signed draft, and the relay's word if it comes soon. */
import type { City, Published, PublishFailure, PublishOptions } from '#client/city/city.ts';
import type { Answer } from '#client/engine/engine.ts';
import { m } from '#messages/paraglide/messages.js';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { JOIN_REQUEST } from '#protocol/kinds.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { isGoodNews, isPending } from './good-news.ts';
import { explainAnswer, explainPublish } from './refusals.ts';
import type { CommandFailure } from './refusals.ts';

/** `done`: the city has it; `pending`: an admin will look at it; `queued`: safe here, sent once the city answers. */
type Outcome = 'done' | 'pending' | 'queued';

export interface Sent {
  /** The event's id. */
  readonly id: string;
  readonly outcome: Outcome;
  /** The city's word that is still to come, for what is queued. */
  readonly word?: Promise<Result<Sent, CommandFailure>>;
}

export interface SendOptions extends Pick<PublishOptions, 'title' | 'signal' | 'after'> {
  /** Why an account is asked for, if there is none. */
  readonly reason?: 'join' | 'write' | 'create';
  /** Milliseconds to wait for the relay's word before calling it queued. */
  readonly patience?: number;
}

const PATIENCE_MS = 8000;

const within = async <T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  const first = await Promise.race([promise, late]);
  clearTimeout(timer);
  return first;
};

const judge = (id: string, answer: Answer): Result<Sent, CommandFailure> => {
  if (answer.ok) return ok({ id, outcome: 'done' });
  const { code, message } = answer.error;
  if (code !== 'refused' || !isGoodNews(message)) return explainAnswer(answer.error);
  return ok({ id, outcome: isPending(message) ? 'pending' : 'done' });
};

/** A no that was said on the spot is over, and waits nowhere for another try; what became of a wish to join shows at the place. */
const giveUp = async (city: Pick<City, 'discard'>, { id, kind }: NostrEvent): Promise<void> => {
  if (kind !== JOIN_REQUEST) await city.discard(id);
};

/** What becomes of a draft that is being published: waits some milliseconds for the city's word. */
export const conclude = async (
  city: Pick<City, 'discard'>,
  publishing: Promise<Result<Published, PublishFailure>>,
  patience = PATIENCE_MS,
): Promise<Result<Sent, CommandFailure>> => {
  const published = await publishing;
  if (!published.ok) return explainPublish(published.error);
  const { event, answer } = published.value;
  const soon = await within(answer, patience);
  if (soon) {
    const judged = judge(event.id, soon);
    if (!judged.ok && !soon.ok && soon.error.code === 'refused') await giveUp(city, event);
    return judged;
  }
  return ok({ id: event.id, outcome: 'queued', word: answer.then((late) => judge(event.id, late)) });
};

/** Publishes a draft as the person who is (or becomes) signed in. */
export const send = async (
  city: City,
  draft: Draft,
  { reason = 'join', patience, ...options }: SendOptions = {},
): Promise<Result<Sent, CommandFailure>> => {
  if (!city.account && !(await city.requestAccount(reason)))
    return fail('no-account', m.groups_failed_account());
  return conclude(city, city.publish(draft, options), patience);
};
