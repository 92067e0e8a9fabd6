/**
 * `POST /api/media/mirror` and `POST /api/media/servers`: a page of this city asks nobody but the city, so the city asks a person's
 * other server to fetch what they keep here. The token that the person signed for that server is also what shows who asks.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isHex64 } from '#shared/bytes.ts';
import { isRecord, parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import { checkBlobAuth, parseBlobAuth } from '#protocol/media/blossom.ts';
import type { BlobDescriptor } from '#protocol/media/blossom.ts';
import { normalizeServerUrl } from '#protocol/media/servers.ts';
import { tagValues } from '#protocol/tags.ts';
import { readBody } from '../../http/body.ts';
import type { CityPolicy } from '../../policy/policy.ts';
import { RateLimiter } from '../../relay/pace/rates.ts';
import type { Rate } from '../../relay/pace/rates.ts';
import type { BlobBook } from '../book/book.ts';
import { giveJson, refuse } from '../doors/answers.ts';
import type { Askers } from '../doors/askers.ts';
import type { Descriptions } from '../doors/descriptions.ts';
import { Lanes } from '../keeping/lanes.ts';
import { isOwnPage } from '../proxy/front.ts';
import type { OtherServer } from './other-server.ts';

export interface MirrorsPorts {
  readonly askers: Pick<Askers, 'pace'>;
  readonly book: Pick<BlobBook, 'find' | 'owns'>;
  readonly descriptions: Descriptions;
  readonly other: Pick<OtherServer, 'check' | 'mirror'>;
  readonly policy: Pick<CityPolicy, 'refusalOf'>;
  readonly verifier: Verifier;
  readonly clock: Clock;
  readonly publicUrl: () => URL;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface Wish {
  /** The other server's origin. */
  readonly server: string;
  readonly hash: string;
  /** Value of the `Authorization` header for the other server. */
  readonly token: string;
}

const MIRROR_PATH = '/api/media/mirror';
const SERVERS_PATH = '/api/media/servers';
const BODY = { limit: 32 * 1024, withinMs: 10_000 };
/** Files of one person: all of them at once, then one a second. */
const BY_KEY: Rate = { perSecond: 1, burst: 1000 };
/** Servers looked at from one address are few; of one person few files are on their way at once. */
const LANES = { total: 16, perParty: 3, waiting: 64 };

/** What the other side does wrong is told as such. */
const told = ({ code, message }: Failure): Failure => ({ code: code === 'other' ? 'origin' : code, message });

export class MirrorsDoor {
  readonly #ports: MirrorsPorts;
  readonly #byKey = new RateLimiter(BY_KEY);
  readonly #lanes = new Lanes(LANES);

  constructor(ports: MirrorsPorts) {
    this.#ports = ports;
  }

  /** Who answers a request of this path and method; undefined: nobody here. */
  find(method: string, path: string): Handler | undefined {
    if (method !== 'POST') return undefined;
    if (path === MIRROR_PATH) return (...ask) => this.#answer((wish) => this.#mirror(wish), ...ask);
    if (path === SERVERS_PATH) return (...ask) => this.#answer((wish) => this.#check(wish), ...ask);
    return undefined;
  }

  async #answer(
    act: (body: Readonly<Record<string, unknown>>) => Promise<Result<unknown, Failure>>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const done = await this.#read(request);
    const answer = done.ok ? await act(done.value) : done;
    if (answer.ok) giveJson(request, response, answer.value);
    else refuse(request, response, told(answer.error));
  }

  async #read(request: IncomingMessage): Promise<Result<Readonly<Record<string, unknown>>, Failure>> {
    if (!isOwnPage(request, this.#ports.publicUrl()))
      return fail('foreign', 'this is for the pages of this city');
    const paced = this.#ports.askers.pace(request);
    if (!paced.ok) return paced;
    const body = await readBody(request, BODY);
    if (!body.ok) return body;
    const json = parseJson(body.value.toString('utf8'));
    return json.ok && isRecord(json.value) ? ok(json.value) : fail('request', 'the body is a JSON object');
  }

  async #check(body: Readonly<Record<string, unknown>>): Promise<Result<{ server: string }, Failure>> {
    const server = serverIn(body, this.#ports.publicUrl());
    if (!server.ok) return server;
    const checked = await this.#within([server.value], () => this.#ports.other.check(server.value));
    return checked.ok ? ok({ server: server.value }) : checked;
  }

  async #mirror(body: Readonly<Record<string, unknown>>): Promise<Result<BlobDescriptor, Failure>> {
    const { book, clock, descriptions, other, publicUrl } = this.#ports;
    const wish = wishIn(body, publicUrl());
    if (!wish.ok) return wish;
    const pubkey = this.#prove(wish.value);
    if (!pubkey.ok) return pubkey;
    const { hash, server, token } = wish.value;
    const blob = await book.find(hash, clock.now());
    if (typeof blob !== 'object' || !(await book.owns(hash, pubkey.value)))
      return fail('missing', 'no such file is yours');
    const { url } = descriptions.of(blob);
    return this.#within([pubkey.value], () => other.mirror(server, { url, hash, token }));
  }

  /** The key that signed the token, for this file, for that server and for none else. */
  #prove({ server, hash, token }: Wish): Result<string, Failure> {
    const { clock, verifier, policy } = this.#ports;
    const event = parseBlobAuth(token);
    if (!event.ok) return event;
    const domain = new URL(server).hostname;
    if (tagValues(event.value, 'server').length === 0)
      return fail('auth', 'the event names the other server');
    const expected = { verb: 'upload', hash, server: domain, now: clock.now() } as const;
    const checked = checkBlobAuth(event.value, expected, verifier);
    if (!checked.ok) return checked;
    if (!this.#byKey.take(checked.value)) return fail('rate-limited', 'too many files; wait a little');
    const refusal = this.#refusal(event.value, checked.value, policy);
    return refusal === undefined ? checked : fail('banned', refusal);
  }

  #refusal(event: NostrEvent, pubkey: string, policy: MirrorsPorts['policy']): string | undefined {
    return policy.refusalOf(event, new Set([pubkey]))?.message;
  }

  async #within<T>(
    parties: readonly string[],
    work: () => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> {
    const leave = await this.#lanes.enter(parties);
    if (!leave) return fail('busy', 'too many ask for this just now; try again in a minute');
    try {
      return await work();
    } finally {
      leave();
    }
  }
}

const serverIn = (
  body: Readonly<Record<string, unknown>>,
  publicUrl: URL,
): Result<string, Failure<'request'>> => {
  const server = typeof body['server'] === 'string' ? normalizeServerUrl(body['server']) : undefined;
  if (server === undefined) return fail('request', 'a server is an http or https address');
  return server === publicUrl.origin ? fail('request', 'that is this city itself') : ok(server);
};

const wishIn = (
  body: Readonly<Record<string, unknown>>,
  publicUrl: URL,
): Result<Wish, Failure<'request'>> => {
  const server = serverIn(body, publicUrl);
  if (!server.ok) return server;
  const { hash, token } = body;
  return isHex64(hash) && typeof token === 'string'
    ? ok({ server: server.value, hash, token })
    : fail('request', 'the body is {"server", "hash", "token"}');
};
