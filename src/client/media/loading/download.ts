/** Bytes from one address, piece by piece; what a cut took is asked for again from where it was cut. */
import { fail, ok } from '#shared/result.ts';
import { readBytes } from './byte-reader.ts';
import type { LoadCode, Loaded, OnProgress } from './source.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface DownloadPorts {
  readonly fetch: typeof fetch;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface DownloadOptions {
  /** More bytes than this are not taken. */
  readonly max: number;
  /** Bytes that are here already: asked for from there. */
  readonly from?: number;
  /** Only bytes before this one are asked for. */
  readonly until?: number;
  /** Bytes of the whole, as they were promised: where the server has another number, it is not this file. */
  readonly whole?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onprogress?: OnProgress | undefined;
  /** False: `take` looks at bytes no more once it resolved, so that one buffer serves for all. */
  readonly isKept?: boolean;
  /** Takes the bytes in order. */
  readonly take: (bytes: Bytes) => Promise<Loaded<undefined>> | Loaded<undefined>;
}

const TRIES = 5;
/** So long without a byte, in milliseconds, and the connection is given up. */
const SILENCE = 20_000;
const FIRST_WAIT = 400;
/** Milliseconds between two words about how far it has come. */
const TELL_EVERY = 100;

const codeOf = (status: number): LoadCode => {
  if (status === 410) return 'expired';
  if (status === 404) return 'missing';
  // It ends before the part that was asked for: so it is not what was promised.
  if (status === 416) return 'damaged';
  return status === 408 || status === 429 || status >= 500 ? 'unreachable' : 'refused';
};

const totalOf = (response: Response, from: number): number | undefined => {
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (range !== undefined) return Number(range);
  const length = response.headers.get('content-length');
  return length === null ? undefined : from + Number(length);
};

/** One address, read once to its end or to where it is cut. */
class Download {
  readonly #url: string;
  readonly #options: DownloadOptions;
  readonly #ports: DownloadPorts;
  #received: number;
  #told = -Infinity;

  constructor(url: string, options: DownloadOptions, ports: DownloadPorts) {
    this.#url = url;
    this.#options = options;
    this.#ports = ports;
    this.#received = options.from ?? 0;
  }

  async run(): Promise<Loaded<undefined>> {
    let last: Loaded<undefined> = fail('unreachable', 'The city did not answer.');
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = this.#received;
      if (attempt > 0) await this.#ports.wait(FIRST_WAIT * 2 ** (attempt - 1));
      if (this.#options.signal?.aborted) return stopped();
      last = await this.#attempt();
      if (last.ok || !isWorthAnother(last.error.code)) return last;
      // As long as something comes there is hope.
      if (this.#received > before) attempt = 0;
      if (before === 0 && this.#received === 0 && last.error.code === 'unreachable' && attempt >= 1)
        return last;
    }
    return last;
  }

  async #attempt(): Promise<Loaded<undefined>> {
    const silence = new AbortController();
    const own = this.#options.signal;
    const signal = own ? AbortSignal.any([own, silence.signal]) : silence.signal;
    const watch = new Watchdog(() => silence.abort());
    try {
      const response = await this.#ask(signal);
      return response.ok ? await this.#read(response, watch) : await refused(response);
    } catch {
      if (own?.aborted) return stopped();
      return silence.signal.aborted
        ? fail('slow', 'Nothing came for a while.')
        : fail('unreachable', 'The connection was cut.');
    } finally {
      watch.end();
    }
  }

  #ask(signal: AbortSignal): Promise<Response> {
    return this.#ports.fetch(this.#url, {
      signal,
      // What a browser keeps of its own accord, it keeps readable.
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      ...this.#range(),
    });
  }

  #range(): Pick<RequestInit, 'headers'> {
    const { until } = this.#options;
    if (this.#received === 0 && until === undefined) return {};
    return { headers: { range: `bytes=${this.#received}-${until === undefined ? '' : until - 1}` } };
  }

  async #read(response: Response, watch: Watchdog): Promise<Loaded<undefined>> {
    // A server that knows no ranges begins anew: what is here already is passed over.
    let skip = response.status === 206 ? 0 : this.#received;
    const total = totalOf(response, response.status === 206 ? this.#received : 0);
    const { max, whole = total, until = Infinity } = this.#options;
    if (total !== undefined && (total !== whole || total > max)) {
      await response.body?.cancel();
      return total === whole ? tooBig() : fail('damaged', 'It is not as long as was said.');
    }
    const reader = response.body && readBytes(response.body, this.#options.isKept ?? true);
    for (;;) {
      watch.again();
      const piece = await reader?.read();
      if (!piece) break;
      const bytes = piece.subarray(skip, skip + until - this.#received);
      skip = Math.max(0, skip - piece.length);
      const taken = await this.#take(bytes, total);
      if (taken.ok && this.#received < until) continue;
      await reader?.cancel();
      return taken;
    }
    const end = Math.min(total ?? until, until);
    const isWhole = end === Infinity || this.#received >= end;
    return isWhole ? ok(undefined) : fail('unreachable', 'The connection was cut.');
  }

  async #take(bytes: Bytes, total: number | undefined): Promise<Loaded<undefined>> {
    if (bytes.length === 0) return ok(undefined);
    this.#received += bytes.length;
    if (this.#received > this.#options.max) return tooBig();
    const taken = await this.#options.take(bytes);
    this.#tell(total);
    return taken;
  }

  #tell(total: number | undefined): void {
    const now = performance.now();
    if (now - this.#told < TELL_EVERY && this.#received !== total) return;
    this.#told = now;
    this.#options.onprogress?.(this.#received, total);
  }
}

/** Barks when nobody called for a while. */
class Watchdog {
  readonly #bark: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bark: () => void) {
    this.#bark = bark;
    this.again();
  }
  again(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#bark, SILENCE);
  }
  end(): void {
    clearTimeout(this.#timer);
  }
}

const isWorthAnother = (code: LoadCode): boolean => code === 'unreachable' || code === 'slow';
const stopped = (): Loaded<undefined> => fail('stopped', 'It was stopped.');
const tooBig = (): Loaded<undefined> => fail('too-big', 'It is larger than it may be.');
const refused = async (response: Response): Promise<Loaded<undefined>> => {
  await response.body?.cancel();
  const words = response.headers.get('x-reason') ?? `The answer was ${response.status}.`;
  return fail(codeOf(response.status), words);
};

/** Reads an address of the city to its end. Only what `take` accepted counts; nothing is shown from here. */
export const download = (
  url: string,
  options: DownloadOptions,
  ports: DownloadPorts,
): Promise<Loaded<undefined>> => new Download(url, options, ports).run();

/** Waits in real time. */
export const waitFor = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
