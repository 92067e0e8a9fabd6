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
import { NAME_CHECK_PATH, parseNameAddress } from '#protocol/names/addresses.ts';
import type { Verifier } from '#protocol/event.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import { jsonAnswer, noContent } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { SignedRequests } from '../http/signed-requests.ts';
import type { SignedRates } from '../http/signed-requests.ts';
import { isOwnPage } from '../media/proxy/front.ts';
import type { CityPolicy } from '../policy/policy.ts';
import { RateLimiter } from '../relay/pace/rates.ts';
import type { Rate } from '../relay/pace/rates.ts';
import { addressOf } from '../relay/peer-address.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import type { NameInquiry } from './inquiry.ts';
import type { NameRegister } from './register.ts';

/** Signed requests, questions whose a name of this city is, and those for names of elsewhere, from one address. */
export interface NameRates extends SignedRates {
  readonly questions: Rate;
  readonly inquiries: Rate;
}

const RATES: NameRates = {
  byAddress: { perSecond: 1, burst: 60 },
  byKey: { perSecond: 0.05, burst: 10 },
  questions: { perSecond: 20, burst: 200 },
  inquiries: { perSecond: 1, burst: 60 },
};

export interface NameDoorPorts {
  readonly register: NameRegister;
  readonly inquiry: NameInquiry;
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

const askedFor = ({ url = '' }: IncomingMessage, key: string): string =>
  new URLSearchParams(url.split('?', 2)[1]).get(key) ?? '';

const tooHasty = fail('rate-limited', 'too many requests; wait a little');

const isReading = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/** Answers these paths; undefined for every other. */
export class NameDoor {
  #ports: NameDoorPorts;
  #signed: SignedRequests;
  #questions: RateLimiter;
  #inquiries: RateLimiter;

  constructor(ports: NameDoorPorts) {
    this.#ports = ports;
    const rates = ports.rates ?? RATES;
    this.#signed = new SignedRequests({ ...ports, rates, limit: 1024 });
    this.#questions = new RateLimiter(rates.questions);
    this.#inquiries = new RateLimiter(rates.inquiries);
  }

  handle(request: IncomingMessage, path: string): Promise<Answer> | undefined {
    const { method } = request;
    if (path === WELL_KNOWN_PATH)
      return isReading(method) ? this.#guarded(() => this.#whose(request)) : wrongMethod('GET, HEAD');
    if (path === NAMES_PATH)
      return isReading(method)
        ? this.#guarded(() => this.#take(request, '', this.#own))
        : wrongMethod('GET, HEAD');
    if (path === NAME_CHECK_PATH && isReading(method)) return this.#guarded(() => this.#check(request));
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
    if (!this.#questions.take(addressOf(request))) return tooHasty;
    const asked = askedFor(request, 'name');
    const pubkey = await this.#ownerOf(asked);
    if (pubkey === undefined) return ok(jsonAnswer({ names: {} }, { headers: ANYBODY }));
    return ok(
      jsonAnswer({ names: { [asked]: pubkey }, relays: { [pubkey]: [this.#relay] } }, { headers: ANYBODY }),
    );
  }

  /** Whose address it is, of this city or of anywhere: the page of this city that asks shows itself to nobody else. */
  async #check(request: IncomingMessage): Promise<Taken> {
    const { publicUrl, inquiry } = this.#ports;
    if (!isOwnPage(request, publicUrl())) return fail('foreign', 'this is for the pages of this city');
    const address = parseNameAddress(askedFor(request, 'address'));
    if (!address.ok) return address;
    const { name, domain } = address.value;
    const asker = addressOf(request);
    if (domain === publicUrl().host) {
      if (!this.#questions.take(asker)) return tooHasty;
      const pubkey = await this.#ownerOf(name);
      return ok(jsonAnswer(pubkey === undefined ? { pubkey: null } : { pubkey, relays: [this.#relay] }));
    }
    if (!this.#inquiries.take(asker)) return tooHasty;
    const owner = await inquiry.of(address.value, asker);
    return owner.ok ? ok(jsonAnswer(owner.value ?? { pubkey: null })) : owner;
  }

  get #relay(): string {
    return this.#ports.publicUrl().origin.replace(/^http/, 'ws');
  }

  /** Whose name of this city it is; nobody's, where its owner is not wanted here. */
  async #ownerOf(text: string): Promise<string | undefined> {
    const name = parseCityName(text);
    const pubkey = name.ok ? await this.#ports.register.ownerOf(name.value) : undefined;
    return pubkey !== undefined && !this.#ports.policy.refusalOfKey(pubkey) ? pubkey : undefined;
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
