/** What the city answers an operator, read tolerantly: what is missing is empty, a malformed row is left out. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import type { Failure } from '#shared/result.ts';
import { ADMIN_REFUSALS, REPORT_ENDS, REPORT_TYPES } from './admin.ts';
import type {
  AdminDay,
  AdminJob,
  AdminMark,
  AdminNumbers,
  AdminRefusalCode,
  AdminReport,
  AdminRules,
  AdminStored,
} from './admin.ts';

type Fields = Readonly<Record<string, unknown>>;

const MAX_TEXT = 64 * 1024;
const fieldsOf = (value: unknown): Fields => (isRecord(value) ? value : {});
const amount = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '');
const list = <T>(value: unknown, read: (fields: Fields) => T | undefined): T[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).flatMap((each) => {
    const item = isRecord(each) ? read(each) : undefined;
    return item === undefined ? [] : [item];
  });
const oneOf = <T extends string>(value: unknown, names: readonly T[]): T | undefined =>
  names.find((name) => name === value);

const readDay = ({ day, kind, count, authors }: Fields): AdminDay | undefined =>
  typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day)
    ? { day, kind: amount(kind), count: amount(count), authors: amount(authors) }
    : undefined;

/** The answer to days. */
export const readAdminDays = (value: unknown): AdminDay[] => list(fieldsOf(value)['days'], readDay);

const readJob = (fields: Fields): AdminJob | undefined => {
  const state = oneOf(fields['state'], ['running', 'done', 'failed']);
  if (!state || !text(fields['name'])) return undefined;
  return {
    ...{ name: text(fields['name']), state, startedAt: amount(fields['startedAt']) },
    ...('endedAt' in fields ? { endedAt: amount(fields['endedAt']) } : {}),
    ...('progress' in fields ? { progress: Math.min(1, amount(fields['progress'])) } : {}),
    ...(text(fields['result']) ? { result: text(fields['result']) } : {}),
  };
};

const readStored = ({ kind, count, bytes }: Fields): AdminStored => ({
  kind: amount(kind),
  count: amount(count),
  bytes: amount(bytes),
});

/** The answer to numbers. */
export const readAdminNumbers = (value: unknown): AdminNumbers => {
  const fields = fieldsOf(value);
  return {
    events: amount(fields['events']),
    eventsToday: amount(fields['eventsToday']),
    peopleToday: amount(fields['peopleToday']),
    places: amount(fields['places']),
    connections: amount(fields['connections']),
    databaseBytes: amount(fields['databaseBytes']),
    memoryBytes: amount(fields['memoryBytes']),
    uptimeSeconds: amount(fields['uptimeSeconds']),
    stored: list(fields['stored'], readStored),
    jobs: list(fields['jobs'], readJob),
  };
};

const readEnd = (value: unknown): Pick<AdminReport, 'end'> => {
  const fields = fieldsOf(value);
  const done = oneOf(fields['done'], REPORT_ENDS);
  return done ? { end: { done, by: text(fields['by']), at: amount(fields['at']) } } : {};
};

const readReport = (fields: Fields): AdminReport | undefined => {
  const { target, author, place, types, words } = fields;
  const about = oneOf(fields['about'], ['event', 'file', 'person']);
  if (!isHex64(target) || !about) return undefined;
  return {
    ...{ target, about, isGone: fields['isGone'] === true },
    ...(isHex64(author) ? { author } : {}),
    ...(typeof fields['kind'] === 'number' ? { kind: fields['kind'] } : {}),
    ...(typeof place === 'string' ? { place } : {}),
    ...(typeof fields['text'] === 'string' ? { text: text(fields['text']) } : {}),
    reporters: amount(fields['reporters']),
    types: REPORT_TYPES.filter((type) => Array.isArray(types) && types.includes(type)),
    words: (Array.isArray(words) ? (words as unknown[]) : []).map(text).filter(Boolean),
    newest: amount(fields['newest']),
    ...readEnd(fields['end']),
  };
};

/** The answer to reports. */
export const readAdminReports = (value: unknown): AdminReport[] =>
  list(fieldsOf(value)['reports'], readReport);

const readMark = ({ name, reason, by, at }: Fields): AdminMark | undefined =>
  text(name) ? { name: text(name), reason: text(reason), by: text(by), at: amount(at) } : undefined;

/** The answer to rules. */
export const readAdminRules = (value: unknown): AdminRules => {
  const fields = fieldsOf(value);
  const kinds = fields['disallowedKinds'];
  return {
    name: text(fields['name']),
    description: text(fields['description']),
    allowListOnly: fields['allowListOnly'] === true,
    banned: list(fields['banned'], readMark),
    allowed: list(fields['allowed'], readMark),
    addresses: list(fields['addresses'], readMark),
    disallowedKinds: (Array.isArray(kinds) ? (kinds as unknown[]) : []).flatMap((kind) =>
      typeof kind === 'number' && Number.isSafeInteger(kind) ? [kind] : [],
    ),
  };
};

/** A refusal's body; what isn't one becomes `error`. */
export const readAdminRefusal = (value: unknown): Failure<AdminRefusalCode> => {
  const { code, message } = fieldsOf(value);
  return typeof code === 'string' && Object.hasOwn(ADMIN_REFUSALS, code) && typeof message === 'string'
    ? { code: code as AdminRefusalCode, message: message.slice(0, 300) }
    : { code: 'error', message: 'the city gave no reason' };
};
