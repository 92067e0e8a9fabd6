/**
 * What woke this device without a page, and how that ended: the last few times, in Cache Storage, where the service worker and pages
 * can both read it. Nothing private: times and words of a fixed list.
 */
import { isRecord, parseJson } from '#shared/json.ts';

/** The cache's name. */
export const WAKES = 'wakes';
const RECORD = '/wakes/record.json';
const MOST = 10;

const REASONS = ['push', 'test', 'sync', 'changed'] as const;
const ENDS = [
  'shown',
  'plain',
  'nothing',
  'visible',
  'locked',
  'stranger',
  'sent',
  'waiting',
  'renewed',
  'failed',
] as const;

/** A push; one that the person asked for; the network came back; the browser changed its push address. */
export type WakeReason = (typeof REASONS)[number];

/**
 * `shown`: a notification with what is new; `plain`: one without; `nothing`: none was due; `visible`: the city was before the person's
 * eyes; `locked`: the profile is; `stranger`: not from this device's city; `sent`, `waiting`: all, or not all, of the queue went out;
 * `renewed`: a new push address; `failed`: it threw.
 */
export type WakeEnd = (typeof ENDS)[number];

export interface Wake {
  /** Unix seconds. */
  readonly at: number;
  readonly why: WakeReason;
  readonly end: WakeEnd;
}

/** The part of Cache Storage that is used; `caches` fits. */
export interface WakeCaches {
  open(name: string): Promise<{
    match(address: string): Promise<Response | undefined>;
    put(address: string, response: Response): Promise<void>;
  }>;
}

const oneOf = <T extends string>(list: readonly T[], value: unknown): T | undefined =>
  list.find((each) => each === value);

const parseWake = (value: unknown): Wake[] => {
  if (!isRecord(value) || !Number.isSafeInteger(value['at'])) return [];
  const why = oneOf(REASONS, value['why']);
  const end = oneOf(ENDS, value['end']);
  return why && end ? [{ at: value['at'] as number, why, end }] : [];
};

/** The last wakes, newest first; none where nothing can be read. */
export const readWakes = async (storage: WakeCaches): Promise<readonly Wake[]> => {
  try {
    const found = await (await storage.open(WAKES)).match(RECORD);
    const json = found ? parseJson(await found.text()) : undefined;
    return json?.ok && Array.isArray(json.value) ? json.value.flatMap(parseWake).slice(0, MOST) : [];
  } catch {
    return [];
  }
};

let writing: Promise<unknown> = Promise.resolve();

/** Notes a wake, one after the other. A record that cannot be kept is not worth failing for. */
export const noteWake = (storage: WakeCaches, wake: Wake): Promise<void> => {
  const noted = writing.then(async () => {
    const wakes = [wake, ...(await readWakes(storage))].slice(0, MOST);
    const headers = { 'content-type': 'application/json' };
    await (await storage.open(WAKES)).put(RECORD, new Response(JSON.stringify(wakes), { headers }));
  });
  writing = noted.catch(() => undefined);
  return noted.catch((cause: unknown) => console.warn('A wake could not be noted', cause));
};
