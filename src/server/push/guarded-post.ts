/**
 * One POST to an address that a stranger chose. The name is resolved here, every address it has must be a public one, and
 * the connection goes to exactly those: a name that changes its mind between check and use gains nothing. No redirects.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { parseEndpoint } from '#protocol/push.ts';
import { AddressGuard, ForbiddenAddress, hostOf } from '../outbound/guard.ts';
import type { AddressRules } from '../outbound/guard.ts';

export interface GuardOptions extends AddressRules {
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

const forbidden = () => fail('forbidden', 'the endpoint is not on the public internet');
const unreachable = (cause?: unknown) => fail('unreachable', 'the push service cannot be reached', cause);

export class GuardedPost {
  #guard: AddressGuard;
  #local: boolean;
  #timeout: number;
  #agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };

  constructor({ timeoutMs = TIMEOUT_MS, ...rules }: GuardOptions) {
    this.#guard = new AddressGuard(rules);
    this.#local = rules.local;
    this.#timeout = timeoutMs;
    const options = { keepAlive: true, maxSockets: 8, maxFreeSockets: 2, timeout: 30_000 };
    this.#agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  }

  /** Says whether an endpoint may be sent to, as far as can be told now. */
  async check(endpoint: string): Promise<Result<true, PostFailure>> {
    const parsed = parseEndpoint(endpoint, { local: this.#local });
    if (!parsed.ok) return forbidden();
    const host = hostOf(new URL(endpoint));
    if (isIP(host)) return this.#guard.allows(host) ? ok(true) : forbidden();
    try {
      await this.#guard.addressesOf(host);
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
    if (!this.#guard.allowsLiteral(hostOf(url))) return forbidden();
    try {
      return ok(await this.#send(url, headers, body));
    } catch (cause) {
      return cause instanceof ForbiddenAddress ? forbidden() : unreachable(cause);
    }
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  #send(url: URL, headers: Readonly<Record<string, string | number>>, body: Uint8Array): Promise<PostAnswer> {
    const secure = url.protocol === 'https:';
    const options = {
      method: 'POST',
      headers,
      agent: this.#agents[secure ? 'https:' : 'http:'],
      lookup: this.#guard.lookup,
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
