/**
 * One POST to an address that a stranger chose. The name is resolved here, every address it has must be a public one, and
 * the connection goes to exactly those: a name that changes its mind between check and use gains nothing. No redirects.
 */
import { Resolver } from 'node:dns/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { parseEndpoint } from '#protocol/push.ts';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';

/** The addresses of a name; rejects when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface GuardOptions {
  readonly resolve?: Resolve;
  /** Lets this machine's own addresses through, for development and tests. */
  readonly local: boolean;
  readonly timeoutMs?: number;
}

/** Sent, whatever the other side thinks of it. */
export interface PostAnswer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter?: string;
}

/** `forbidden`: not a place to send to; `unreachable`: no name, no connection, no answer in time. */
export type PostFailure = Failure<'forbidden' | 'unreachable'>;

const TIMEOUT_MS = 10_000;
/** Of an answer's body nothing is used; a longer one is cut. */
const MAX_ANSWER = 16 * 1024;
const MAX_ADDRESSES = 16;

/** Asks name servers itself: `lookup` would hold one of the process's few threads for as long as a stranger's server likes. */
const resolveByName: Resolve = async (host) => {
  if (host === 'localhost') return ['127.0.0.1'];
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
};

class ForbiddenAddress extends Error {}

const forbidden = () => fail('forbidden', 'the endpoint is not on the public internet');
const unreachable = (cause?: unknown) => fail('unreachable', 'the push service cannot be reached', cause);

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

export class GuardedPost {
  #resolve: Resolve;
  #local: boolean;
  #timeout: number;
  #agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };

  constructor({ resolve = resolveByName, local, timeoutMs = TIMEOUT_MS }: GuardOptions) {
    this.#resolve = resolve;
    this.#local = local;
    this.#timeout = timeoutMs;
    const options = { keepAlive: true, maxSockets: 8, maxFreeSockets: 2, timeout: 30_000 };
    this.#agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  }

  /** Says whether an endpoint may be sent to, as far as can be told now. */
  async check(endpoint: string): Promise<Result<true, PostFailure>> {
    const parsed = parseEndpoint(endpoint, { local: this.#local });
    if (!parsed.ok) return forbidden();
    const host = hostOf(new URL(endpoint));
    if (isIP(host)) return this.#allows(host) ? ok(true) : forbidden();
    try {
      await this.#addressesOf(host);
      return ok(true);
    } catch (cause) {
      return cause instanceof ForbiddenAddress ? forbidden() : unreachable(cause);
    }
  }

  /** Sends. Never throws. */
  async post(
    endpoint: string,
    headers: Readonly<Record<string, string | number>>,
    body: Uint8Array,
  ): Promise<Result<PostAnswer, PostFailure>> {
    if (!parseEndpoint(endpoint, { local: this.#local }).ok) return forbidden();
    const url = new URL(endpoint);
    const host = hostOf(url);
    // Connecting to a literal address asks no resolver.
    if (isIP(host) && !this.#allows(host)) return forbidden();
    try {
      return ok(await this.#send(url, headers, body));
    } catch (cause) {
      return cause instanceof ForbiddenAddress ? forbidden() : unreachable(cause);
    }
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  #allows(address: string): boolean {
    return isPublicAddress(address) || (this.#local && isLoopbackAddress(address));
  }

  /** All addresses of a name, or none: one forbidden one speaks against the others. */
  async #addressesOf(host: string): Promise<readonly string[]> {
    const addresses = (await this.#resolve(host)).slice(0, MAX_ADDRESSES);
    if (addresses.length === 0) throw new Error('the name has no address');
    if (!addresses.every((address) => this.#allows(address))) throw new ForbiddenAddress();
    return addresses;
  }

  #lookup: LookupFunction = (host, options, done) => {
    this.#addressesOf(host).then(
      (addresses) => {
        const all = addresses.map((address) => ({ address, family: isIP(address) }));
        if (options.all) done(null, all);
        else done(null, all[0]?.address ?? '', all[0]?.family);
      },
      (cause: unknown) => done(cause as Error, ''),
    );
  };

  #send(url: URL, headers: Readonly<Record<string, string | number>>, body: Uint8Array): Promise<PostAnswer> {
    const secure = url.protocol === 'https:';
    const options = {
      method: 'POST',
      headers,
      agent: this.#agents[secure ? 'https:' : 'http:'],
      lookup: this.#lookup,
      signal: AbortSignal.timeout(this.#timeout),
    };
    return new Promise((resolve, reject) => {
      const request = (secure ? https : http).request(url, options, (response) => {
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > MAX_ANSWER) response.destroy();
        });
        // The status says all; a body that never ends or breaks off changes nothing.
        const { 'retry-after': retryAfter } = response.headers;
        resolve({ status: response.statusCode ?? 0, ...(retryAfter ? { retryAfter } : {}) });
        response.on('error', () => undefined);
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}
