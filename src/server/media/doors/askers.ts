/** Who asks, and whether they may: pace, token (BUD-11), the operators' decisions. */
import type { IncomingMessage } from 'node:http';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import { checkBlobAuth, parseBlobAuth } from '#protocol/media/blossom.ts';
import type { BlobVerb } from '#protocol/media/blossom.ts';
import { tagValues } from '#protocol/tags.ts';
import type { CityPolicy } from '../../policy/policy.ts';
import { addressOf, hostsOf } from '../../relay/peer-address.ts';
import { RateLimiter } from '../../relay/pace/rates.ts';
import type { Rate } from '../../relay/pace/rates.ts';

/** Requests that change something or ask for a list. */
export interface MediaRates {
  readonly byAddress: Rate;
  readonly byKey: Rate;
}

/** An album at once, and then one picture every two seconds. */
export const MEDIA_RATES: MediaRates = {
  byAddress: { perSecond: 4, burst: 600 },
  byKey: { perSecond: 2, burst: 300 },
};

export interface AskerPorts {
  readonly clock: Clock;
  readonly verifier: Verifier;
  readonly policy: Pick<CityPolicy, 'refusalOf' | 'isBlocked'>;
  readonly publicUrl: () => URL;
  readonly rates: MediaRates;
}

/** A proven key and the blobs that its token names. */
export interface Asker {
  readonly pubkey: string;
  readonly hashes: readonly string[];
}

export type AskFailure = Failure<'auth' | 'banned' | 'rate-limited'>;

const HASTE = 'too many requests; wait a little';

export class Askers {
  readonly #ports: AskerPorts;
  readonly #byAddress: RateLimiter;
  readonly #byKey: RateLimiter;

  constructor(ports: AskerPorts) {
    this.#ports = ports;
    this.#byAddress = new RateLimiter(ports.rates.byAddress);
    this.#byKey = new RateLimiter(ports.rates.byKey);
  }

  /** The pace of an address alone, for doors that ask no key. */
  pace(request: IncomingMessage): Result<true, AskFailure> {
    const address = addressOf(request);
    if (this.#ports.policy.isBlocked(address))
      return fail('banned', 'the operators of this city have shut this address out');
    return this.#byAddress.take(address) ? ok(true) : fail('rate-limited', HASTE);
  }

  /** Proves the key behind a request for `verb`, of the blob `hash` where it is known already. */
  prove(request: IncomingMessage, verb: BlobVerb, hash?: string): Result<Asker, AskFailure> {
    const paced = this.pace(request);
    if (!paced.ok) return paced;
    const event = parseBlobAuth(request.headers.authorization);
    if (!event.ok) return event;
    const { clock, verifier, policy } = this.#ports;
    const server = this.#serverOf(request, event.value);
    const expected = { verb, server, now: clock.now(), ...(hash === undefined ? {} : { hash }) };
    const checked = checkBlobAuth(event.value, expected, verifier);
    if (!checked.ok) return checked;
    const pubkey = checked.value;
    if (!this.#byKey.take(pubkey)) return fail('rate-limited', HASTE);
    const reason = policy.refusalOf(event.value, new Set([pubkey]));
    if (reason) return fail('banned', reason.message);
    return ok({ pubkey, hashes: tagValues(event.value, 'x') });
  }

  /** A token may name this city by any name under which this connection reached it. */
  #serverOf(request: IncomingMessage, event: NostrEvent): string {
    const publicUrl = this.#ports.publicUrl();
    const names = hostsOf(request, publicUrl).map((host) => new URL(`http://${host}`).hostname);
    return tagValues(event, 'server').find((name) => names.includes(name)) ?? publicUrl.hostname;
  }
}
