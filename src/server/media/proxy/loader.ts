/**
 * What comes from elsewhere: small answers whole and kept, so that a thousand readers cost one question; large ones as they come;
 * failures remembered for a minute.
 */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { OPEN_MAX } from '#protocol/media/types.ts';
import type { Fetched, GuardedFetch } from '../fetching/guarded-fetch.ts';
import { BodyCut } from '../fetching/paced-body.ts';
import type { FetchedBody } from '../fetching/paced-body.ts';
import type { DiskCache, Kept } from '../keeping/disk-cache.ts';
import { Lanes } from '../keeping/lanes.ts';
import type { LaneSizes } from '../keeping/lanes.ts';
import { SNIFF_BYTES, sniffBytes, sniffTail } from '../sniffing/sniff.ts';

export type LoadFailure = Failure<
  'forbidden' | 'unreachable' | 'too-slow' | 'too-large' | 'refused' | 'type' | 'busy'
>;

/** An answer under way: its first bytes are looked at, and given out with the rest. */
export interface Passing {
  readonly status: number;
  readonly type: string;
  readonly length?: number;
  readonly contentRange?: string;
  readonly body: FetchedBody;
  /** Ends it and gives its place back; to be called in any case. */
  readonly end: () => void;
}

/** Whole in memory, whole on the disk, or passing by. */
export type Loaded =
  | { readonly how: 'bytes'; readonly type: string; readonly bytes: Buffer }
  | { readonly how: 'kept'; readonly type: string; readonly kept: Kept }
  | { readonly how: 'passing'; readonly type: string; readonly passing: Passing };

export interface LoaderPorts {
  readonly fetch: GuardedFetch;
  readonly cache: DiskCache;
}

/** Beyond this an answer passes by: it isn't held in memory or kept. */
const WHOLE_MOST = 12_000_000;
const WHOLE_WITHIN_MS = 60_000;
const PASSING_WITHIN_MS = 10 * 60_000;
const FRESH_MS = 3 * 86_400_000;
const FAILED_FOR_MS = 60_000;
const FAILED_MOST = 5000;
/** At most 16 × 12 MB are held at once. */
const WHOLE_LANES: LaneSizes = { total: 16, perParty: 8, waiting: 500 };
/** What passes by holds no memory, but its reader may be slow. */
const PASSING_LANES: LaneSizes = { total: 128, perParty: 12, waiting: 100 };
const ACCEPT = 'image/*, video/*, audio/*, application/pdf;q=0.5';

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

async function* joined(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Reads until so many bytes are there, or the end. */
const readUntil = async (
  pieces: AsyncIterator<Uint8Array>,
  head: Uint8Array[],
  most: number,
): Promise<'ended' | 'more'> => {
  let length = head.reduce((sum, piece) => sum + piece.length, 0);
  while (length < most) {
    const next = await pieces.next();
    if (next.done) return 'ended';
    head.push(next.value);
    length += next.value.length;
  }
  return 'more';
};

const failureOf = (cause: unknown): Result<never, LoadFailure> => {
  if (cause instanceof BodyCut) return fail(cause.code, cause.message);
  throw cause;
};

export class Loader {
  #ports: LoaderPorts;
  #whole = new Lanes(WHOLE_LANES);
  #passing = new Lanes(PASSING_LANES);
  #flights = new Map<string, Promise<Result<Loaded | 'large', LoadFailure>>>();
  #failed = new Map<string, { readonly until: number; readonly failure: LoadFailure }>();
  #types = new Map<string, string>();

  constructor(ports: LoaderPorts) {
    this.#ports = ports;
  }

  /** What is kept of an address, while it is fresh. */
  async kept(url: string): Promise<Kept | undefined> {
    const kept = await this.#ports.cache.get(url);
    return kept && kept.age < FRESH_MS ? kept : undefined;
  }

  /** What lies at an address. A `passing` answer is its taker's own to end. */
  async load(url: string, asker: string): Promise<Result<Loaded, LoadFailure>> {
    const kept = await this.#ports.cache.get(url);
    if (kept && kept.age < FRESH_MS) return ok({ how: 'kept', type: kept.type, kept });
    const failed = this.#failureOf(url);
    const loaded: Result<Loaded, LoadFailure> = failed ?? (await this.#together(url, asker));
    // Better what it was three days ago than nothing.
    return !loaded.ok && kept ? ok({ how: 'kept', type: kept.type, kept }) : loaded;
  }

  /** A part of what lies at an address, as the other side gives it; whole where it gives no parts. */
  async part(url: string, range: string, asker: string): Promise<Result<Passing, LoadFailure>> {
    const failed = this.#failureOf(url);
    if (failed) return failed;
    const fromStart = /^bytes=0-(\d*)$/.exec(range)?.[1];
    const tellsType = fromStart !== undefined && (fromStart === '' || Number(fromStart) >= SNIFF_BYTES);
    if (!tellsType && !this.#types.has(url)) {
      const probe = await this.#open(url, asker, { range: `bytes=0-${SNIFF_BYTES - 1}` });
      if (!probe.ok) return probe;
      probe.value.end();
    }
    return this.#open(url, asker, { range });
  }

  /** One question for all who ask at the same time; each takes its own where the answer is too large to share. */
  async #together(url: string, asker: string): Promise<Result<Loaded, LoadFailure>> {
    const flight =
      this.#flights.get(url) ?? this.#readWhole(url, asker).finally(() => this.#flights.delete(url));
    this.#flights.set(url, flight);
    const whole = await flight;
    if (!whole.ok) return whole;
    if (whole.value !== 'large') return ok(whole.value);
    const passing = await this.#open(url, asker, {});
    return passing.ok ? ok({ how: 'passing', type: passing.value.type, passing: passing.value }) : passing;
  }

  async #readWhole(url: string, asker: string): Promise<Result<Loaded | 'large', LoadFailure>> {
    const opened = await this.#open(url, asker, { isWhole: true });
    if (!opened.ok) return opened;
    const { type, length = 0, body, end } = opened.value;
    const pieces: Uint8Array[] = [];
    try {
      if (length > WHOLE_MOST) return ok('large');
      if ((await readUntil(body[Symbol.asyncIterator](), pieces, WHOLE_MOST)) === 'more') return ok('large');
    } catch (cause) {
      return this.#remember(url, failureOf(cause));
    } finally {
      end();
    }
    const bytes = Buffer.concat(pieces);
    const tail = sniffTail(bytes.subarray(-66_000));
    if (!tail.ok) return this.#remember(url, tail);
    await this.#ports.cache.put(url, type, bytes);
    return ok({ how: 'bytes', type, bytes });
  }

  async #open(
    url: string,
    asker: string,
    { range, isWhole = false }: { readonly range?: string; readonly isWhole?: boolean },
  ): Promise<Result<Passing, LoadFailure>> {
    const lanes = isWhole ? this.#whole : this.#passing;
    const leave = await lanes.enter([`from ${asker}`, `to ${hostOf(url)}`]);
    if (!leave) return fail('busy', 'too many at once; try again');
    const fetched = await this.#ports.fetch.get(url, {
      limit: OPEN_MAX,
      withinMs: isWhole ? WHOLE_WITHIN_MS : PASSING_WITHIN_MS,
      accept: ACCEPT,
      ...(range === undefined ? {} : { range }),
    });
    if (!fetched.ok) {
      leave();
      return this.#remember(url, fetched);
    }
    const end = (): void => {
      fetched.value.cancel();
      leave();
    };
    const looked = await this.#look(url, fetched.value, range);
    if (looked.ok) return ok({ ...looked.value, end });
    end();
    return this.#remember(url, looked);
  }

  /** The type by the first bytes, where the answer has them. */
  async #look(
    url: string,
    fetched: Fetched,
    range?: string,
  ): Promise<Result<Omit<Passing, 'end'>, LoadFailure>> {
    const { status, length, contentRange } = fetched;
    const meta = {
      status,
      ...(length === undefined ? {} : { length }),
      ...(contentRange === undefined ? {} : { contentRange }),
    };
    if (Number(/\/(\d+)$/.exec(contentRange ?? '')?.[1] ?? 0) > OPEN_MAX)
      return fail('too-large', 'the file is too large');
    const known = this.#types.get(url);
    if (known !== undefined && range !== undefined) return ok({ ...meta, type: known, body: fetched.body });
    const pieces = fetched.body[Symbol.asyncIterator]();
    const head: Uint8Array[] = [];
    try {
      await readUntil(pieces, head, SNIFF_BYTES);
    } catch (cause) {
      return failureOf(cause);
    }
    const sniffed = await sniffBytes(Buffer.concat(head));
    if (!sniffed.ok) return sniffed;
    this.#note(url, sniffed.value.type);
    return ok({ ...meta, type: sniffed.value.type, body: joined(head, pieces) });
  }

  #note(url: string, type: string): void {
    if (this.#types.size >= FAILED_MOST) this.#types.clear();
    this.#types.set(url, type);
  }

  #failureOf(url: string): Result<never, LoadFailure> | undefined {
    const failed = this.#failed.get(url);
    return failed && failed.until > Date.now() ? { ok: false, error: failed.failure } : undefined;
  }

  #remember<T>(url: string, result: Result<T, LoadFailure>): Result<T, LoadFailure> {
    if (result.ok || result.error.code === 'busy') return result;
    if (this.#failed.size >= FAILED_MOST) this.#failed.clear();
    this.#failed.set(url, { until: Date.now() + FAILED_FOR_MS, failure: result.error });
    return result;
  }
}
