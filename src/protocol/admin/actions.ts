/** What an operator asks the city to do, read strictly. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { ADMIN_LIMITS } from './admin.ts';
import type { AdminReportAction, AdminRuleAction } from './admin.ts';

type Read<T> = Result<T, Failure<'malformed'>>;
const bad = (message: string) => fail('malformed', message);

// What a database keeps as it is: no NUL, no half of a surrogate pair.
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

/** A line of an operator's own words of at most so many characters; absent is empty. */
export const parseWords = (value: unknown, name: string, most: number): Read<string> => {
  if (value === undefined || value === null) return ok('');
  if (typeof value !== 'string' || value.length > most || UNSTORABLE.test(value))
    return bad(`${name} is text of at most ${most} characters`);
  return ok(value.trim());
};

/** 64 lower-case hex digits. */
export const parseHexName = (value: unknown, name: string): Read<string> =>
  isHex64(value) ? ok(value) : bad(`${name} has 64 lower-case hex digits`);

const parseFlag = (value: unknown, name: string): Read<boolean> => {
  if (value === undefined) return ok(false);
  return typeof value === 'boolean' ? ok(value) : bad(`${name} is true or false`);
};

/** What to do about a report. Fails with `malformed` and a sentence. */
export const parseReportAction = (value: unknown): Read<AdminReportAction> => {
  if (!isRecord(value)) return bad('the body is a JSON object');
  const { action } = value;
  const target = parseHexName(value['target'], 'target');
  if (!target.ok) return target;
  if (action === 'take' || action === 'dismiss' || action === 'reopen')
    return ok({ action, target: target.value });
  if (action !== 'ban') return bad('action is take, ban, dismiss or reopen');
  const take = parseFlag(value['take'], 'take');
  return take.ok ? ok({ action, target: target.value, take: take.value }) : take;
};

type Fields = Record<string, unknown>;

const reasonOf = (fields: Fields): Read<string> =>
  parseWords(fields['reason'], 'reason', ADMIN_LIMITS.reason);

const parseKeyAction = (
  action: 'ban' | 'unban' | 'allow' | 'unallow',
  fields: Fields,
): Read<AdminRuleAction> => {
  const pubkey = parseHexName(fields['pubkey'], 'pubkey');
  if (!pubkey.ok) return pubkey;
  if (action === 'unban' || action === 'unallow') return ok({ action, pubkey: pubkey.value });
  const reason = reasonOf(fields);
  if (!reason.ok) return reason;
  if (action === 'allow') return ok({ action, pubkey: pubkey.value, reason: reason.value });
  const take = parseFlag(fields['take'], 'take');
  return take.ok ? ok({ action, pubkey: pubkey.value, reason: reason.value, take: take.value }) : take;
};

const parseAddressAction = (action: 'block' | 'unblock', fields: Fields): Read<AdminRuleAction> => {
  const { address } = fields;
  if (typeof address !== 'string' || address.length > 64)
    return bad('address is text of at most 64 characters');
  if (action === 'unblock') return ok({ action, address });
  const reason = reasonOf(fields);
  return reason.ok ? ok({ action, address, reason: reason.value }) : reason;
};

const parseDescription = (fields: Fields): Read<AdminRuleAction> => {
  const name = parseWords(fields['name'], 'name', ADMIN_LIMITS.name);
  if (!name.ok) return name;
  const description = parseWords(fields['description'], 'description', ADMIN_LIMITS.description);
  return description.ok
    ? ok({ action: 'describe', name: name.value, description: description.value })
    : description;
};

/** What to change about who and what is let in. Fails with `malformed` and a sentence. */
export const parseRuleAction = (value: unknown): Read<AdminRuleAction> => {
  if (!isRecord(value)) return bad('the body is a JSON object');
  const { action } = value;
  switch (action) {
    case 'ban':
    case 'unban':
    case 'allow':
    case 'unallow':
      return parseKeyAction(action, value);
    case 'block':
    case 'unblock':
      return parseAddressAction(action, value);
    case 'allow-list':
      return typeof value['on'] === 'boolean' ? ok({ action, on: value['on'] }) : bad('on is true or false');
    case 'describe':
      return parseDescription(value);
    default:
      return bad('action is ban, unban, allow, unallow, block, unblock, allow-list or describe');
  }
};
