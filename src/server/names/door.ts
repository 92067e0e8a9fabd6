/** `/.well-known/nostr.json` for everybody (NIP-05), `/api/names` for who claims a name and proves their key (NIP-98). */
import type { IncomingMessage } from 'node:http';
import {
  isReservedName,
  NAME_REFUSALS,
  NAMES_PATH,
  parseCityName,
  WELL_KNOWN_PATH,
} from '#protocol/names/names.ts';
import type { NameRefusal } from '#protocol/names/names.ts';
import type { Verifier } from '#protocol/event.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import { jsonAnswer, noContent } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { SignedRequests } from '../http/signed-requests.ts';
import type { SignedRates } from '../http/signed-requests.ts';
import type { CityPolicy } from '../policy/policy.ts';
import { RateLimiter } from '../relay/pace/rates.ts';
import type { Rate } from '../relay/pace/rates.ts';
import { addressOf } from '../relay/peer-address.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import type { NameRegister } from './register.ts';

/** Signed requests, and questions whose a name is, from one address. */
export interface NameRates extends SignedRates {
  readonly questions: Rate;
}

const RATES: NameRates = {
  byAddress: { perSecond: 1, burst: 60 },
  byKey: { perSecond: 0.05, burst: 10 },
  questions: { perSecond: 20, burst: 200 },
};

export interface NameDoorPorts {
  readonly register: NameRegister;
  readonly policy: Pick<CityPolicy, 'refusalOfKey'>;
  readonly clock: Clock;
  readonly verifier: Verifier;
  readonly log: Log;
  readonly publicUrl: () => URL;
  /** Notes that a signed request was used, in all processes of the city; false: it was before. */
  readonly note: (id: string, createdAt: number) => Promise<boolean>;
  readonly rates?: NameRates;
}

type Taken = Result<Answer, NameRefusal>;
/** What a proven key wants of a name. */
type Act = (pubkey: string, name: string) => Promise<Taken>;

/** Any page may ask (NIP-05); never by way of a redirect, which the answer itself cannot be. */
const ANYBODY = { 'access-control-allow-origin': '*' } as const;

const answerOf = (taken: Taken): Answer => {
  if (taken.ok) return taken.value;
  const { code, message } = taken.error;
  const ended = code === 'too-large' || code === 'too-slow';
  return jsonAnswer(
    { code, message },
    { status: NAME_REFUSALS[code], headers: ended ? { connection: 'close' } : {} },
  );
};

const wrongMethod = (allow: string): Promise<Answer> =>
  Promise.resolve({
    ...answerOf(fail('wrong-method', `this path takes ${allow}`)),
    headers: { allow },
  });

const isReading = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/** Answers these paths; undefined for every other. */
export class NameDoor {
  #ports: NameDoorPorts;
  #signed: SignedRequests;
  #questions: RateLimiter;

  constructor(ports: NameDoorPorts) {
    this.#ports = ports;
    const rates = ports.rates ?? RATES;
    this.#signed = new SignedRequests({ ...ports, rates, limit: 1024 });
    this.#questions = new RateLimiter(rates.questions);
  }

  handle(request: IncomingMessage, path: string): Promise<Answer> | undefined {
    const { method } = request;
    if (path === WELL_KNOWN_PATH)
      return isReading(method) ? this.#guarded(() => this.#whose(request)) : wrongMethod('GET, HEAD');
    if (path === NAMES_PATH)
      return isReading(method)
        ? this.#guarded(() => this.#take(request, '', this.#own))
        : wrongMethod('GET, HEAD');
    if (!path.startsWith(`${NAMES_PATH}/`)) return undefined;
    const name = path.slice(NAMES_PATH.length + 1);
    if (method === 'PUT') return this.#guarded(() => this.#named(request, name, this.#claim));
    if (method === 'DELETE') return this.#guarded(() => this.#named(request, name, this.#free));
    return wrongMethod('PUT, DELETE');
  }

  async #guarded(run: () => Promise<Taken>): Promise<Answer> {
    try {
      return answerOf(await run());
    } catch (cause) {
      this.#ports.log.error('a name could not be looked after', causeOf(cause));
      return answerOf(fail('error', 'the city could not do this just now; try again'));
    }
  }

  /** The one name that was asked for, in the spelling of who asks; never a list of all. */
  async #whose(request: IncomingMessage): Promise<Taken> {
    if (!this.#questions.take(addressOf(request)))
      return fail('rate-limited', 'too many requests; wait a little');
    const asked = new URLSearchParams((request.url ?? '').split('?', 2)[1]).get('name') ?? '';
    const name = parseCityName(asked);
    const pubkey = name.ok ? await this.#ports.register.ownerOf(name.value) : undefined;
    if (pubkey === undefined || this.#ports.policy.refusalOfKey(pubkey))
      return ok(jsonAnswer({ names: {} }, { headers: ANYBODY }));
    const relay = this.#ports.publicUrl().origin.replace(/^http/, 'ws');
    return ok(
      jsonAnswer({ names: { [asked]: pubkey }, relays: { [pubkey]: [relay] } }, { headers: ANYBODY }),
    );
  }

  async #named(request: IncomingMessage, text: string, act: Act): Promise<Taken> {
    return this.#take(request, text, async (pubkey) => {
      const name = parseCityName(text);
      return name.ok ? act(pubkey, name.value) : name;
    });
  }

  async #take(request: IncomingMessage, name: string, act: Act): Promise<Taken> {
    const signed = await this.#signed.take(request);
    return signed.ok ? act(signed.value.pubkey, name) : signed;
  }

  #own: Act = async (pubkey) => ok(this.#told(await this.#ports.register.nameOf(pubkey)));

  #claim: Act = async (pubkey, name) => {
    const refusal = this.#ports.policy.refusalOfKey(pubkey);
    if (refusal) return fail(refusal.code === 'blocked' ? 'blocked' : 'restricted', refusal.message);
    if (isReservedName(name)) return fail('reserved', 'the city keeps this name for itself');
    const claimed = await this.#ports.register.claim(name, pubkey);
    return claimed.ok ? ok(this.#told(name)) : claimed;
  };

  #free: Act = async (pubkey, name) => {
    const owner = await this.#ports.register.ownerOf(name);
    if (owner !== undefined && owner !== pubkey) return fail('foreign', 'this is the name of somebody else');
    await this.#ports.register.free(name, pubkey);
    return ok(noContent);
  };

  /** A name, and the address that goes into a profile's `nip05`. */
  #told(name: string | undefined): Answer {
    return jsonAnswer(
      name === undefined ? { name: null } : { name, address: `${name}@${this.#ports.publicUrl().host}` },
    );
  }
}
