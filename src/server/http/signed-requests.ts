/** The front of every door that asks who is there (NIP-98): pace, body, proof, once. */
import type { IncomingMessage } from 'node:http';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { Verifier } from '#protocol/event.ts';
import { checkHttpAuth, parseHttpAuth } from '#protocol/http-auth.ts';
import { addressOf, urlsOf } from '../relay/peer-address.ts';
import { RateLimiter } from '../relay/pace/rates.ts';
import type { Rate } from '../relay/pace/rates.ts';
import { readBody } from './body.ts';
import { ReplayMemory } from './replay.ts';

const BODY_WITHIN_MS = 10_000;
/** In the words of whoever is too hasty. */
const HASTE = 'too many requests; wait a little';

/** Requests from one address, proven requests of one key. */
export interface SignedRates {
  readonly byAddress: Rate;
  readonly byKey: Rate;
}

export interface SignedPorts {
  readonly clock: Clock;
  readonly verifier: Verifier;
  readonly publicUrl: () => URL;
  readonly rates: SignedRates;
  /** Most bytes of a body. */
  readonly limit: number;
  /** Notes that an event was used; false when it had been before. Default: this process's memory. */
  readonly note?: (id: string, createdAt: number) => Promise<boolean>;
}

export type SignedRefusal = Failure<'auth-required' | 'rate-limited' | 'too-large' | 'too-slow'>;

/** Who asked, and the body as it came. */
export interface Signed {
  readonly pubkey: string;
  readonly body: Buffer;
}

export class SignedRequests {
  #ports: SignedPorts;
  #replays = new ReplayMemory();
  #byAddress: RateLimiter;
  #byKey: RateLimiter;

  constructor(ports: SignedPorts) {
    this.#ports = ports;
    this.#byAddress = new RateLimiter(ports.rates.byAddress);
    this.#byKey = new RateLimiter(ports.rates.byKey);
  }

  /** Reads a request and proves its key: this very request, now and for the first time. */
  async take(request: IncomingMessage): Promise<Result<Signed, SignedRefusal>> {
    if (!this.#byAddress.take(addressOf(request))) return fail('rate-limited', HASTE);
    const body = await readBody(request, { limit: this.#ports.limit, withinMs: BODY_WITHIN_MS });
    if (!body.ok) return body;
    const key = await this.#authenticate(request, body.value);
    if (!key.ok) return key;
    return this.#byKey.take(key.value)
      ? ok({ pubkey: key.value, body: body.value })
      : fail('rate-limited', HASTE);
  }

  async #authenticate(request: IncomingMessage, body: Buffer): Promise<Result<string, SignedRefusal>> {
    const { clock, verifier, publicUrl } = this.#ports;
    const now = clock.now();
    const event = parseHttpAuth(request.headers.authorization);
    if (!event.ok) return fail('auth-required', event.error.message);
    const expected = { urls: urlsOf(request, publicUrl()), method: request.method ?? '', body, now };
    const checked = checkHttpAuth(event.value, expected, verifier);
    if (!checked.ok) return fail('auth-required', checked.error.message);
    const { id, created_at } = event.value;
    const first =
      this.#replays.take(id, created_at, now) && ((await this.#ports.note?.(id, created_at)) ?? true);
    return first ? checked : fail('auth-required', 'this request was sent before; sign a new one');
  }
}
