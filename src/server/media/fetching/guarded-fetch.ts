/**
 * A GET of an address that a stranger chose: public addresses only, pinned for the connection and checked again at each redirect; so
 * many bytes, so long, no slower than that. Nothing of whoever asked goes along: no cookies, no Referer, no address of theirs.
 */
import type * as http from 'node:http';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { AddressGuard, ForbiddenAddress, hostOf } from '../../outbound/guard.ts';
import type { Resolve } from '../../outbound/guard.ts';
import { connect } from './connect.ts';
import { pacedBody } from './paced-body.ts';
import type { FetchedBody, Pace } from './paced-body.ts';
import { parseTarget } from './target.ts';

/**
 * `forbidden`: no place to ask; `unreachable`: no name, no connection, or it broke; `too-slow`: not in time; `too-large`: more bytes
 * than allowed; `refused`: the other side's answer is none that can be used.
 */
export type FetchFailure = Failure<'forbidden' | 'unreachable' | 'too-slow' | 'too-large' | 'refused'>;

export interface FetchOptions {
  /** Most bytes of the answer's body. */
  readonly limit: number;
  /** Milliseconds until the last byte. */
  readonly withinMs: number;
  /** The asker's going away. */
  readonly signal?: AbortSignal;
  /** The `Accept` header; any type without one. */
  readonly accept?: string;
  /** The `Range` header, passed through. */
  readonly range?: string;
  /** So many redirects are followed at most; three without it. */
  readonly redirects?: number;
}

/** An answer whose body is still to come: read it, or `cancel` it. */
export interface Fetched {
  /** Whose answer it is, after redirects. */
  readonly url: string;
  /** 200, or 206 for a part. */
  readonly status: number;
  /** What the other side says it is: only a claim. */
  readonly type: string;
  /** Bytes to come, where it says so. */
  readonly length?: number;
  /** `Content-Range` of a part. */
  readonly contentRange?: string;
  readonly body: FetchedBody;
  readonly cancel: () => void;
}

export interface FetchRules {
  readonly resolve?: Resolve;
  /** For tests: this machine's addresses on these ports are let through. Production hands nothing in, and no setting can. */
  readonly loopbackPorts?: ReadonlySet<number>;
  readonly pace?: Pace;
  /** Milliseconds until an answer begins, at each hop. */
  readonly answerWithinMs?: number;
}

const MAX_REDIRECTS = 3;
const ANSWER_WITHIN_MS = 10_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const AGENT = 'SynchronoCity/1.0 (media proxy)';
/** Four kilobytes a second over any ten of waiting. */
const PACE: Pace = { leastPerSecond: 4096, graceMs: 10_000 };

interface Hop {
  readonly response: http.IncomingMessage;
  readonly abort: AbortController;
}

const forbidden = () => fail('forbidden', 'the address is not on the public internet');
const failureOf = (cause: unknown, signal: AbortSignal): Result<never, FetchFailure> => {
  if (cause instanceof ForbiddenAddress) return forbidden();
  return signal.aborted
    ? fail('too-slow', 'the other side did not answer in time')
    : fail('unreachable', 'the other side cannot be reached', cause);
};

const isUsable = ({ statusCode, headers }: http.IncomingMessage): boolean =>
  (statusCode === 200 || (statusCode === 206 && headers['content-range'] !== undefined)) &&
  ['', 'identity'].includes((headers['content-encoding'] ?? '').trim().toLowerCase());

export class GuardedFetch {
  #guard: AddressGuard;
  #local: AddressGuard;
  #ports: ReadonlySet<number>;
  #pace: Pace;
  #answerWithin: number;

  constructor(rules: FetchRules = {}) {
    const resolve = rules.resolve ? { resolve: rules.resolve } : {};
    this.#guard = new AddressGuard({ ...resolve, local: false });
    this.#local = new AddressGuard({ ...resolve, local: true });
    this.#ports = rules.loopbackPorts ?? new Set();
    this.#pace = rules.pace ?? PACE;
    this.#answerWithin = rules.answerWithinMs ?? ANSWER_WITHIN_MS;
  }

  /** Asks, following few redirects or none. Never throws; the body's iteration throws `BodyCut`. */
  async get(address: string, options: FetchOptions): Promise<Result<Fetched, FetchFailure>> {
    const end = AbortSignal.timeout(options.withinMs);
    const signal = options.signal ? AbortSignal.any([options.signal, end]) : end;
    let next = address;
    const most = options.redirects ?? MAX_REDIRECTS;
    for (let redirects = 0; redirects <= most; redirects += 1) {
      const url = parseTarget(next, this.#ports);
      if (!url) return forbidden();
      const hop = await this.#ask(url, options, signal);
      if (!hop.ok) return hop;
      const { response, abort } = hop.value;
      if (!REDIRECTS.has(response.statusCode ?? 0)) return this.#answer(url, hop.value, options, signal);
      abort.abort();
      const { location } = response.headers;
      if (location === undefined || !URL.canParse(location, url.href))
        return fail('refused', 'the other side points nowhere');
      next = new URL(location, url.href).href;
    }
    return fail('refused', 'the other side points on and on');
  }

  #answer(
    { href }: URL,
    { response, abort }: Hop,
    { limit }: FetchOptions,
    signal: AbortSignal,
  ): Result<Fetched, FetchFailure> {
    const { headers, statusCode = 0 } = response;
    if (!isUsable(response)) {
      abort.abort();
      return fail('refused', `the other side answers ${statusCode}`);
    }
    const length = /^\d{1,15}$/.test(headers['content-length'] ?? '')
      ? Number(headers['content-length'])
      : undefined;
    if (length !== undefined && length > limit) {
      abort.abort();
      return fail('too-large', `the file has more than ${limit} bytes`);
    }
    return ok({
      url: href,
      status: statusCode,
      type: headers['content-type'] ?? '',
      ...(length === undefined ? {} : { length }),
      ...(headers['content-range'] ? { contentRange: headers['content-range'] } : {}),
      body: pacedBody(response, { limit, signal, pace: this.#pace }),
      cancel: () => abort.abort(),
    });
  }

  async #ask(url: URL, options: FetchOptions, signal: AbortSignal): Promise<Result<Hop, FetchFailure>> {
    // Only the ports a test has named lead to this machine; the same name on any other port is held to the public internet.
    const guard = this.#ports.has(Number(url.port)) ? this.#local : this.#guard;
    if (!guard.allowsLiteral(hostOf(url))) return forbidden();
    const abort = new AbortController();
    const late = AbortSignal.timeout(this.#answerWithin);
    const waiting = AbortSignal.any([signal, late]);
    const stop = (): void => abort.abort();
    waiting.addEventListener('abort', stop);
    try {
      if (waiting.aborted) abort.abort();
      return ok({ response: await this.#connect(url, options, { guard, signal: abort.signal }), abort });
    } catch (cause) {
      return failureOf(cause, waiting);
    } finally {
      waiting.removeEventListener('abort', stop);
      signal.addEventListener('abort', stop, { once: true });
    }
  }

  #connect(
    url: URL,
    { accept, range }: FetchOptions,
    { guard, signal }: { readonly guard: AddressGuard; readonly signal: AbortSignal },
  ): Promise<http.IncomingMessage> {
    const headers = {
      'user-agent': AGENT,
      accept: accept ?? '*/*',
      // What is packed on the way could be a thousand times as much unpacked.
      'accept-encoding': 'identity',
      ...(range ? { range } : {}),
    };
    return connect(url, { method: 'GET', headers, guard, signal });
  }
}
