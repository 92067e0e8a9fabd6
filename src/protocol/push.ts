/**
 * Web Push between a device and its city: what `/api/push` takes and gives, and the content-free payload (RFC 8030, 8291,
 * 8292 carry it). Push services and the city learn that something came, never what.
 */
import { base64urlnopad } from '@scure/base';
import { isRecord, parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { parseFilter, tagConditions } from './filters.ts';
import type { Filter } from './filters.ts';

/** `GET`: the city's VAPID key; `PUT` and `DELETE` (NIP-98): this device's subscription. */
export const PUSH_PATH = '/api/push';
/** `POST` (NIP-98): the city sends this device one push that says it is a test. */
export const PUSH_TEST_PATH = '/api/push/test';

/** Sizes in bytes; `values` counts everything that the lists of all wants name. */
export const PUSH_LIMITS = { body: 64 * 1024, endpoint: 2048, wants: 50, values: 1000 } as const;

/** A browser's PushSubscription as `toJSON()` gives it; keys in base64url. */
export interface PushAddress {
  readonly endpoint: string;
  readonly keys: {
    /** Uncompressed P-256 point, 65 bytes. */
    readonly p256dh: string;
    /** 16 bytes. */
    readonly auth: string;
  };
}

/** What wakes a device: events that match, from the Unix second `after` on. */
export interface PushWant {
  readonly filter: Filter;
  readonly after?: number;
}

export interface PushRequest {
  readonly subscription: PushAddress;
  /** 32 hex digits that the device chose at random for this profile. */
  readonly tag: string;
  readonly wants: readonly PushWant[];
}

export const PUSH_REFUSALS = {
  malformed: 400,
  'auth-required': 401,
  unknown: 404,
  'wrong-method': 405,
  'too-slow': 408,
  'too-many': 409,
  'too-large': 413,
  'rate-limited': 429,
  error: 500,
  'push-service': 502,
} as const satisfies Readonly<Record<string, number>>;

/** Why the city refused; each code has its HTTP status in `PUSH_REFUSALS`. */
export type PushRefusalCode = keyof typeof PUSH_REFUSALS;
/** The JSON body of every refusal. */
export type PushRefusal = Failure<PushRefusalCode>;

/** Where endpoints may live; `local` adds this machine's own, http and any port, for development and tests. */
export interface EndpointRules {
  readonly local?: boolean;
}

type Read<T> = Result<T, Failure<'malformed'>>;
const bad = (message: string) => fail('malformed', message);

const isLoopbackName = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** A push service's address: https on its usual port, nothing of a user, no fragment. */
export const parseEndpoint = (value: unknown, { local = false }: EndpointRules = {}): Read<string> => {
  if (typeof value !== 'string' || value.length > PUSH_LIMITS.endpoint || !URL.canParse(value))
    return bad(`endpoint is an address of at most ${PUSH_LIMITS.endpoint} characters`);
  const url = new URL(value);
  const own = local && isLoopbackName(url.hostname);
  if (url.protocol !== 'https:' && !(own && url.protocol === 'http:'))
    return bad('endpoint begins with https://');
  if (url.username || url.password || value.includes('#'))
    return bad('endpoint has no user name and no fragment');
  if (url.port && !own) return bad('endpoint uses the usual port');
  // As the browser wrote it and as a URL means it are one: nothing that two readers could read two ways.
  return url.href.length <= PUSH_LIMITS.endpoint && url.href === value
    ? ok(value)
    : bad('endpoint is written in its plain form');
};

const bytesOf = (value: unknown, length: number): Uint8Array | undefined => {
  if (typeof value !== 'string' || value.length > length * 2) return undefined;
  try {
    const bytes = base64urlnopad.decode(value.replace(/=+$/, ''));
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
};

const parseAddress = (value: unknown, rules: EndpointRules): Read<PushAddress> => {
  if (!isRecord(value) || !isRecord(value['keys'])) return bad('subscription has an endpoint and keys');
  const endpoint = parseEndpoint(value['endpoint'], rules);
  if (!endpoint.ok) return endpoint;
  const p256dh = bytesOf(value['keys']['p256dh'], 65);
  if (p256dh?.[0] !== 4) return bad('p256dh is an uncompressed P-256 point: 65 bytes in base64url');
  const auth = bytesOf(value['keys']['auth'], 16);
  if (!auth) return bad('auth is 16 bytes in base64url');
  const keys = { p256dh: base64urlnopad.encode(p256dh), auth: base64urlnopad.encode(auth) };
  return ok({ endpoint: endpoint.value, keys });
};

/** How many values a filter's lists name. */
const weightOf = (filter: Filter): number => Object.values(filter).filter(Array.isArray).flat().length;

/** True for filters that name somebody or something: kinds and times alone would watch the whole city. */
const isPointed = (filter: Filter): boolean =>
  filter.ids !== undefined || filter.authors !== undefined || tagConditions(filter).length > 0;

const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const parseWant = (value: unknown): Read<PushWant> => {
  if (!isRecord(value)) return bad('a want has a filter');
  const filter = parseFilter(value['filter']);
  if (!filter.ok) return bad(filter.error.message);
  if (filter.value.search !== undefined || filter.value.limit !== undefined)
    return bad('the filter of a want has no search and no limit');
  if (!isPointed(filter.value)) return bad('the filter of a want names ids, authors or tags');
  const after = value['after'];
  if (after === undefined) return ok({ filter: filter.value });
  return isSeconds(after) ? ok({ filter: filter.value, after }) : bad('after is a time in Unix seconds');
};

const parseWants = (value: unknown): Read<readonly PushWant[]> => {
  if (!Array.isArray(value) || value.length > PUSH_LIMITS.wants)
    return bad(`wants is a list of at most ${PUSH_LIMITS.wants}`);
  const wants: PushWant[] = [];
  let weight = 0;
  for (const each of value as readonly unknown[]) {
    const want = parseWant(each);
    if (!want.ok) return want;
    wants.push(want.value);
    weight += weightOf(want.value.filter);
  }
  return weight <= PUSH_LIMITS.values
    ? ok(wants)
    : bad(`wants name at most ${PUSH_LIMITS.values} values in all`);
};

const isTag = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);

/** The body of `PUT`, strictly; unknown fields are left out. Fails with `malformed` and a sentence. */
export const parsePushRequest = (value: unknown, rules: EndpointRules = {}): Read<PushRequest> => {
  if (!isRecord(value)) return bad('the body is a JSON object');
  const subscription = parseAddress(value['subscription'], rules);
  if (!subscription.ok) return subscription;
  const tag = value['tag'];
  if (!isTag(tag)) return bad('tag has 32 lower-case hex digits');
  const wants = parseWants(value['wants']);
  return wants.ok ? ok({ subscription: subscription.value, tag, wants: wants.value }) : wants;
};

/** The body of `DELETE` and of a self-test: the endpoint. */
export const parsePushEndpoint = (value: unknown, rules: EndpointRules = {}): Read<string> =>
  isRecord(value) ? parseEndpoint(value['endpoint'], rules) : bad('the body is a JSON object');

/** The answer to `GET`: the city's VAPID key, base64url of an uncompressed P-256 point. */
export const parsePushKey = (value: unknown): Read<string> => {
  const key = isRecord(value) ? value['key'] : undefined;
  return typeof key === 'string' && bytesOf(key, 65)?.[0] === 4 ? ok(key) : bad('not a VAPID key');
};

/** A refusal's body; what isn't one becomes `error`. */
export const parsePushRefusal = (value: unknown): PushRefusal => {
  const code = isRecord(value) ? value['code'] : undefined;
  const message = isRecord(value) ? value['message'] : undefined;
  return typeof code === 'string' && Object.hasOwn(PUSH_REFUSALS, code) && typeof message === 'string'
    ? { code: code as PushRefusalCode, message: message.slice(0, 300) }
    : { code: 'error', message: 'the city gave no reason' };
};

/** All that travels in a push: which profile's subscription it is for. */
export interface PushPayload {
  readonly tag: string;
  readonly test: boolean;
}

/** The payload's text: `{"v":1,"tag":…}`, and `"test":true` for a self-test. */
export const encodePushPayload = ({ tag, test }: PushPayload): string =>
  JSON.stringify({ v: 1, tag, ...(test ? { test } : {}) });

/** A payload as it came; anything else (another version, more fields, a stranger's words) fails. */
export const parsePushPayload = (text: string): Read<PushPayload> => {
  if (text.length > 256) return bad('not a payload of this city');
  const json = parseJson(text, 2);
  if (!json.ok || !isRecord(json.value)) return bad('not a payload of this city');
  const { v, tag, test, ...others } = json.value;
  if (v !== 1 || !isTag(tag) || Object.keys(others).length > 0) return bad('not a payload of this city');
  return test === undefined || test === true
    ? ok({ tag, test: test === true })
    : bad('test is true or absent');
};
