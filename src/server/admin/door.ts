/** The operators' door: `/api/admin/…` and NIP-86 at `/`. Who asks is proven (NIP-98) before anything is looked at. */
import type { IncomingMessage } from 'node:http';
import { ADMIN_LIMITS, ADMIN_REFUSALS } from '#protocol/admin/admin.ts';
import type { AdminRefusalCode } from '#protocol/admin/admin.ts';
import { MANAGEMENT_TYPE, parseManagementRequest } from '#protocol/admin/management.ts';
import { parseJson } from '#shared/json.ts';
import { fail } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { SignedRequests } from '../http/signed-requests.ts';
import type { SignedPorts, SignedRates } from '../http/signed-requests.ts';
import { addressOf } from '../relay/peer-address.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import { manage } from './management.ts';
import type { Asker } from './management.ts';
import { shows, takes } from './page.ts';
import type { PagePorts } from './page.ts';

export interface AdminDoorPorts extends PagePorts {
  readonly signing: Pick<SignedPorts, 'clock' | 'verifier' | 'publicUrl' | 'note'>;
  readonly operators: ReadonlySet<string>;
  readonly log: Log;
  readonly rates?: SignedRates;
}

const PREFIX = '/api/admin/';
const RATES: SignedRates = {
  byAddress: { perSecond: 5, burst: 200 },
  byKey: { perSecond: 5, burst: 200 },
};

type Done = Result<unknown, Failure<AdminRefusalCode>>;
type Act = (asker: Asker, body: Buffer) => Promise<Done>;

const anyOrigin = { 'access-control-allow-origin': '*' };

const headersOf = (code: AdminRefusalCode): Readonly<Record<string, string>> =>
  code === 'too-large' || code === 'too-slow' ? { connection: 'close' } : {};

const pageAnswer = (done: Done): Answer => {
  if (done.ok) return jsonAnswer(done.value);
  const { code, message } = done.error;
  return jsonAnswer({ code, message }, { status: ADMIN_REFUSALS[code], headers: headersOf(code) });
};

const managementAnswer = (done: Done): Answer => {
  if (done.ok) return jsonAnswer({ result: done.value }, { headers: anyOrigin });
  const { code, message } = done.error;
  const headers = { ...anyOrigin, ...headersOf(code) };
  return jsonAnswer({ error: message, code, message }, { status: ADMIN_REFUSALS[code], headers });
};

const isManagement = (request: IncomingMessage): boolean =>
  (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() === MANAGEMENT_TYPE;

const parseBody = (body: Buffer) => {
  const json = parseJson(body.toString('utf8'), 8);
  return json.ok ? json : fail('malformed', json.error.message);
};

/** Answers the operators' paths; undefined for every other. */
export class AdminDoor {
  #ports: AdminDoorPorts;
  #signed: SignedRequests;

  constructor(ports: AdminDoorPorts) {
    this.#ports = ports;
    this.#signed = new SignedRequests({
      ...ports.signing,
      rates: ports.rates ?? RATES,
      limit: ADMIN_LIMITS.body,
    });
  }

  handle(request: IncomingMessage, path: string): Promise<Answer> | undefined {
    if (path === '/' && request.method === 'POST' && isManagement(request))
      return this.#answer(request, managementAnswer, this.#manage);
    return path.startsWith(PREFIX)
      ? this.#answer(request, pageAnswer, this.#actOf(request, path.slice(PREFIX.length)))
      : undefined;
  }

  async #answer(request: IncomingMessage, say: (done: Done) => Answer, act: Act): Promise<Answer> {
    try {
      return say(await this.#take(request, act));
    } catch (cause) {
      this.#ports.log.error('an operator could not be answered', causeOf(cause));
      return say(fail('error', 'the city could not do this just now; try again'));
    }
  }

  async #take(request: IncomingMessage, act: Act): Promise<Done> {
    const { operators } = this.#ports;
    if (operators.size === 0) return fail('forbidden', 'this city has no operators');
    const signed = await this.#signed.take(request);
    if (!signed.ok) return signed;
    const { pubkey, body } = signed.value;
    if (!operators.has(pubkey)) return fail('forbidden', 'only an operator of this city may do this');
    return act({ pubkey, address: addressOf(request) }, body);
  }

  #manage: Act = async (asker, body) => {
    const json = parseBody(body);
    if (!json.ok) return json;
    const parsed = parseManagementRequest(json.value);
    return parsed.ok ? manage(this.#ports, parsed.value, asker) : parsed;
  };

  #actOf({ method, url = '' }: IncomingMessage, name: string): Act {
    const known = (table: object): boolean => Object.hasOwn(table, name);
    return async (asker, body) => {
      if (method === 'GET' && known(shows)) {
        const query = new URLSearchParams(url.split('?').slice(1).join('?'));
        return shows[name]?.(this.#ports, asker, query) ?? fail('unknown', 'there is nothing here');
      }
      if (method === 'POST' && known(takes)) {
        const json = parseBody(body);
        return json.ok ? (takes[name]?.(this.#ports, asker, json.value) ?? json) : json;
      }
      if (!known(shows)) return fail('unknown', 'there is nothing here');
      return fail('wrong-method', known(takes) ? 'this path takes GET and POST' : 'this path takes GET');
    };
  }
}
