/** Everything that can keep a person from what they wanted, in sentences that say who refused, why, and what to do. */
import type { PublishFailure } from '#client/city/city.ts';
import type { Answer } from '#client/engine/engine.ts';
import { m } from '#messages/paraglide/messages.js';
import { parseReason } from '#protocol/reasons.ts';
import type { ReasonCode } from '#protocol/reasons.ts';
import { fail } from '#shared/result.ts';
import type { Failure } from '#shared/result.ts';
import { displayLine } from '#shared/text.ts';

/** Codes of what a command may fail with; `message` is a sentence of the catalogue. */
export type CommandFailure = Failure<PublishFailure['code'] | ReasonCode | 'discarded' | 'name' | 'about'>;

const said: Readonly<Record<ReasonCode, (words: string) => string>> = {
  duplicate: () => m.groups_refused_duplicate(),
  pow: () => m.groups_refused_pow(),
  blocked: (words) => m.groups_refused_blocked({ words }),
  'rate-limited': () => m.groups_refused_rate(),
  invalid: (words) => m.groups_refused_invalid({ words }),
  restricted: (words) => m.groups_refused_restricted({ words }),
  mute: (words) => m.groups_refused_restricted({ words }),
  'auth-required': () => m.groups_refused_auth(),
  unsupported: (words) => m.groups_refused_unsupported({ words }),
  error: (words) => m.groups_refused_error({ words }),
};

const kept: Readonly<Record<PublishFailure['code'], (words: string) => string>> = {
  'no-account': () => m.groups_failed_account(),
  locked: () => m.groups_failed_locked(),
  refused: () => m.groups_failed_signer_refused(),
  unreachable: () => m.groups_failed_unreachable(),
  changed: (words) => m.groups_failed_changed({ words }),
  cancelled: () => m.groups_failed_cancelled(),
  impossible: (words) => m.groups_failed_impossible({ words }),
  worker: () => m.groups_failed_worker(),
  storage: () => m.groups_failed_storage(),
};

/** A relay's words as a sentence of ours: `restricted: only an admin …` → who refused and why. */
export const explainReason = (reason: string): string => {
  const { code, message } = parseReason(reason);
  return said[code](displayLine(message, 200) || m.groups_refused_no_words());
};

/** What kept a draft from being signed and queued. */
export const explainPublish = (
  failure: PublishFailure,
): { readonly ok: false; readonly error: CommandFailure } =>
  fail(failure.code, kept[failure.code](failure.message), failure);

/** What the relay answered to it. */
export const explainAnswer = (
  failure: (Answer & { ok: false })['error'],
): { readonly ok: false; readonly error: CommandFailure } =>
  failure.code === 'discarded'
    ? fail('discarded', m.groups_failed_discarded(), failure)
    : fail(parseReason(failure.message).code, explainReason(failure.message), failure);
