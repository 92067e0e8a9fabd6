/** `/api/push` and `/api/push/test`: who asks is proven by NIP-98, what is asked is parsed strictly, every refusal says why. */
import type { IncomingMessage } from 'node:http';
import { parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { Verifier } from '#protocol/event.ts';
import {
  parsePushEndpoint,
  parsePushRequest,
  PUSH_LIMITS,
  PUSH_PATH,
  PUSH_REFUSALS,
  PUSH_TEST_PATH,
} from '#protocol/push.ts';
import type { PushAddress, PushRefusal, PushRefusalCode, PushWant } from '#protocol/push.ts';
import { jsonAnswer, noContent } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { SignedRequests } from '../http/signed-requests.ts';
import type { SignedRates } from '../http/signed-requests.ts';
import { RateLimiter } from '../relay/pace/rates.ts';
import type { Rate } from '../relay/pace/rates.ts';
import { isStorableText } from '../store/rows.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import type { PostFailure } from './guarded-post.ts';
import type { Device, PushRegister } from './register.ts';
import type { Outcome } from './sender.ts';

/** Requests from one address, proven requests of one key, self-tests of one key. */
export interface DoorRates extends SignedRates {
  readonly tests: Rate;
}

const DEFAULT_DOOR_RATES: DoorRates = {
  byAddress: { perSecond: 2, burst: 120 },
  byKey: { perSecond: 0.5, burst: 60 },
  tests: { perSecond: 0.1, burst: 10 },
};

export interface DoorPorts {
  readonly publicKey: string;
  readonly register: Pick<PushRegister, 'get' | 'put' | 'remove'>;
  readonly clock: Clock;
  readonly verifier: Verifier;
  readonly log: Log;
  readonly publicUrl: () => URL;
  /** Lets endpoints on this machine in. */
  readonly local: boolean;
  /** Whether the endpoint may be sent to. */
  readonly checkEndpoint: (endpoint: string) => Promise<Result<true, PostFailure>>;
  /** Whether a push can be encrypted to these keys. */
  readonly canEncryptTo: (address: PushAddress) => boolean;
  /** Sends a self-test now. */
  readonly test: (device: Device) => Promise<Outcome>;
  readonly rates?: DoorRates;
}

type Taken = Result<Answer, PushRefusal>;
type Act = (pubkey: string, body: unknown) => Promise<Taken>;

const refuse = (code: PushRefusalCode, message: string) => fail(code, message);

const isStorableWant = ({ filter }: PushWant): boolean =>
  Object.values(filter)
    .flat()
    .every((text) => typeof text !== 'string' || isStorableText(text));

const answerOf = (taken: Taken): Answer => {
  if (taken.ok) return taken.value;
  const { code, message } = taken.error;
  const ended = code === 'too-large' || code === 'too-slow';
  return jsonAnswer(
    { code, message },
    { status: PUSH_REFUSALS[code], headers: ended ? { connection: 'close' } : {} },
  );
};

const wrongMethod = (allow: string): Answer => ({
  ...answerOf(refuse('wrong-method', `this path takes ${allow}`)),
  headers: { allow },
});

/** Answers the two paths; undefined for every other. */
export class PushDoor {
  #ports: DoorPorts;
  #signed: SignedRequests;
  #tests: RateLimiter;

  constructor(ports: DoorPorts) {
    this.#ports = ports;
    const rates = ports.rates ?? DEFAULT_DOOR_RATES;
    this.#signed = new SignedRequests({ ...ports, rates, limit: PUSH_LIMITS.body });
    this.#tests = new RateLimiter(rates.tests);
  }

  handle(request: IncomingMessage, path: string): Promise<Answer> | undefined {
    const { method } = request;
    if (path === PUSH_PATH) {
      if (method === 'GET' || method === 'HEAD')
        return Promise.resolve(jsonAnswer({ key: this.#ports.publicKey }));
      if (method === 'PUT') return this.#answer(request, this.#put);
      if (method === 'DELETE') return this.#answer(request, this.#delete);
      return Promise.resolve(wrongMethod('GET, HEAD, PUT, DELETE'));
    }
    if (path !== PUSH_TEST_PATH) return undefined;
    return method === 'POST' ? this.#answer(request, this.#test) : Promise.resolve(wrongMethod('POST'));
  }

  async #answer(request: IncomingMessage, act: Act): Promise<Answer> {
    try {
      return answerOf(await this.#take(request, act));
    } catch (cause) {
      this.#ports.log.error('a push request could not be answered', causeOf(cause));
      return answerOf(refuse('error', 'the city could not do this just now; try again'));
    }
  }

  async #take(request: IncomingMessage, act: Act): Promise<Taken> {
    const signed = await this.#signed.take(request);
    if (!signed.ok) return signed;
    const json = parseJson(signed.value.body.toString('utf8'));
    return json.ok ? act(signed.value.pubkey, json.value) : refuse('malformed', json.error.message);
  }

  #put: Act = async (pubkey, body) => {
    const { local, checkEndpoint, canEncryptTo, register } = this.#ports;
    const parsed = parsePushRequest(body, { local });
    if (!parsed.ok) return parsed;
    const { subscription, wants } = parsed.value;
    if (!wants.every(isStorableWant))
      return refuse('malformed', 'text must not contain NUL characters or broken surrogate pairs');
    if (!canEncryptTo(subscription)) return refuse('malformed', 'p256dh is no point of P-256');
    const reachable = await checkEndpoint(subscription.endpoint);
    if (!reachable.ok)
      return reachable.error.code === 'forbidden'
        ? refuse('malformed', reachable.error.message)
        : refuse('push-service', reachable.error.message);
    const put = await register.put(pubkey, parsed.value);
    return put.ok ? ok(noContent) : put;
  };

  #delete: Act = async (pubkey, body) => {
    // Tolerant of what could never have been put: it isn't there, as asked.
    const endpoint = parsePushEndpoint(body, { local: true });
    if (!endpoint.ok) return endpoint;
    const device = this.#ports.register.get(endpoint.value, pubkey);
    if (device) await this.#ports.register.remove(device);
    return ok(noContent);
  };

  #test: Act = async (pubkey, body) => {
    const endpoint = parsePushEndpoint(body, { local: true });
    if (!endpoint.ok) return endpoint;
    const device = this.#ports.register.get(endpoint.value, pubkey);
    if (!device) return refuse('unknown', 'the city does not know this device');
    if (!this.#tests.take(pubkey)) return refuse('rate-limited', 'too many tests; wait a little');
    return resultOf[(await this.#ports.test(device)).kind];
  };
}

const resultOf: Readonly<Record<Outcome['kind'], Taken>> = {
  sent: ok(noContent),
  gone: refuse('unknown', 'the push service does not know this device any more'),
  later: refuse('push-service', 'the push service did not answer or was busy; try again later'),
  refused: refuse('push-service', 'the push service refused'),
};
