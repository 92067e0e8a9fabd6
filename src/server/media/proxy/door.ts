/** `POST /api/media/sign` and `GET /api/media`: what strangers' servers hold, shown to this city's people without telling who looks. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecord, parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import { readBody } from '../../http/body.ts';
import type { StreamHandler } from '../../http/router.ts';
import { addressOf } from '../../relay/peer-address.ts';
import { RateLimiter } from '../../relay/pace/rates.ts';
import type { Rate } from '../../relay/pace/rates.ts';
import { causeOf } from '../../telemetry/log.ts';
import type { Log } from '../../telemetry/log.ts';
import { parseTarget } from '../fetching/target.ts';
import { THUMB_TYPE, THUMB_WIDTHS } from '../thumbs/thumbs.ts';
import type { Thumbs } from '../thumbs/thumbs.ts';
import { isNotForeign, isOwnPage } from './front.ts';
import { giveBytes, giveKept, givePassing } from './giving.ts';
import type { Loaded, Loader, LoadFailure } from './loader.ts';
import { MEDIA_PATH, readWish, signWish } from './signing.ts';
import type { Wish } from './signing.ts';

const SIGN_PATH = `${MEDIA_PATH}/sign`;
const MOST_ITEMS = 200;
const BODY = { limit: 512 * 1024, withinMs: 10_000 };

/** Addresses signed for, and bytes asked for, from one address. */
export interface ProxyRates {
  readonly items: Rate;
  readonly requests: Rate;
}

/** A wall of pictures at once, and then what somebody can look at. */
export const PROXY_RATES: ProxyRates = {
  items: { perSecond: 20, burst: 2000 },
  requests: { perSecond: 20, burst: 2000 },
};

export interface ProxyPorts {
  readonly secret: Uint8Array;
  readonly loader: Loader;
  readonly thumbs: Thumbs;
  readonly clock: Clock;
  readonly log: Log;
  readonly publicUrl: () => URL;
  readonly otherPorts: ReadonlySet<number>;
  readonly rates: ProxyRates;
}

type Refusal = LoadFailure | Failure<'foreign' | 'rate-limited' | 'request' | 'method'>;

const STATUS: Readonly<Record<Refusal['code'], number>> = {
  request: 400,
  foreign: 403,
  forbidden: 403,
  method: 405,
  type: 415,
  'rate-limited': 429,
  unreachable: 502,
  refused: 502,
  'too-large': 502,
  busy: 503,
  'too-slow': 504,
};

const giveJson = (
  response: ServerResponse,
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): void => {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
};

const refuse = (response: ServerResponse, { code, message }: Refusal): void => {
  if (response.headersSent) return void response.destroy();
  const headers = { 'x-reason': message, ...(response.req.complete ? {} : { connection: 'close' }) };
  giveJson(response, { error: code, message }, { status: STATUS[code], headers });
};

const parseItem = (value: unknown): Wish | undefined => {
  if (!isRecord(value) || typeof value['url'] !== 'string') return undefined;
  const { url, width } = value;
  if (width === undefined) return { url };
  return typeof width === 'number' && THUMB_WIDTHS.includes(width) ? { url, width } : undefined;
};

const parseItems = (text: string): Result<readonly Wish[], Refusal> => {
  const json = parseJson(text);
  const items = json.ok && isRecord(json.value) ? json.value['items'] : undefined;
  if (!Array.isArray(items) || items.length > MOST_ITEMS)
    return fail('request', `the body is {"items": [{"url", "width"?}]}, at most ${MOST_ITEMS}`);
  const wishes = items.map(parseItem);
  return wishes.every((wish) => wish !== undefined)
    ? ok(wishes)
    : fail('request', `an item has a url, and a width of ${THUMB_WIDTHS.join(', ')} or none`);
};

export class ProxyDoor {
  #ports: ProxyPorts;
  #items: RateLimiter;
  #requests: RateLimiter;

  constructor(ports: ProxyPorts) {
    this.#ports = ports;
    this.#items = new RateLimiter(ports.rates.items);
    this.#requests = new RateLimiter(ports.rates.requests);
  }

  readonly handle: StreamHandler = (request, response, path) => {
    if (path !== MEDIA_PATH && path !== SIGN_PATH) return false;
    const methods = path === SIGN_PATH ? ['POST'] : ['GET', 'HEAD'];
    if (!methods.includes(request.method ?? '')) {
      response.setHeader('allow', methods.join(', '));
      refuse(response, { code: 'method', message: `this path takes ${methods.join(' and ')}` });
    } else void this.#answer(request, response, path === SIGN_PATH ? this.#sign : this.#show);
    return true;
  };

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    act: (request: IncomingMessage, response: ServerResponse) => Promise<Result<unknown, Refusal>>,
  ): Promise<void> {
    try {
      const done = await act(request, response);
      if (!done.ok) refuse(response, done.error);
    } catch (cause) {
      // A reader who has gone, or a sender who broke off when bytes were on their way already.
      if (!response.headersSent) {
        this.#ports.log.error('a picture could not be given', causeOf(cause));
        refuse(response, { code: 'unreachable', message: 'the city could not do this just now; try again' });
      } else response.destroy();
    }
  }

  #sign = async (request: IncomingMessage, response: ServerResponse): Promise<Result<unknown, Refusal>> => {
    const { publicUrl, secret, clock, otherPorts } = this.#ports;
    if (!isOwnPage(request, publicUrl())) return fail('foreign', 'this is for the pages of this city');
    const body = await readBody(request, BODY);
    if (!body.ok) return fail('request', body.error.message);
    const wishes = parseItems(body.value.toString('utf8'));
    if (!wishes.ok) return wishes;
    if (!this.#items.take(addressOf(request), wishes.value.length))
      return fail('rate-limited', 'too many pictures; wait a little');
    const items = wishes.value.map((wish) =>
      // What can't be asked has no address; whether its server answers shows when it is asked.
      parseTarget(wish.url, otherPorts) ? { ...wish, address: signWish(secret, wish, clock.now()) } : wish,
    );
    return ok(giveJson(response, { items }));
  };

  #show = async (request: IncomingMessage, response: ServerResponse): Promise<Result<unknown, Refusal>> => {
    const { secret, clock, loader } = this.#ports;
    if (!isNotForeign(request)) return fail('foreign', 'this is for the pages of this city');
    const asker = addressOf(request);
    if (!this.#requests.take(asker)) return fail('rate-limited', 'too many requests; wait a little');
    const query = new URL(request.url ?? '/', 'http://city').searchParams;
    const wish = readWish(secret, query, clock.now());
    if (!wish) return fail('forbidden', 'this address was not made here, or its days are over');
    if (wish.width !== undefined)
      return this.#showSmall(response, { ...wish, width: wish.width }, { request, asker });
    const { range } = request.headers;
    const kept = range === undefined ? undefined : await loader.kept(wish.url);
    if (kept) return ok(await giveKept(request, response, kept));
    if (range !== undefined && /^bytes=\d*-\d*$/.test(range)) {
      const passing = await loader.part(wish.url, range, asker);
      return passing.ok ? ok(await givePassing(response, passing.value)) : passing;
    }
    const loaded = await loader.load(wish.url, asker);
    return loaded.ok ? ok(await this.#give(request, response, loaded.value)) : loaded;
  };

  async #give(request: IncomingMessage, response: ServerResponse, loaded: Loaded): Promise<void> {
    if (loaded.how === 'kept') return giveKept(request, response, loaded.kept);
    if (loaded.how === 'bytes') return giveBytes(response, loaded.type, loaded.bytes);
    return givePassing(response, loaded.passing);
  }

  async #showSmall(
    response: ServerResponse,
    { url, width }: Required<Wish>,
    { request, asker }: { readonly request: IncomingMessage; readonly asker: string },
  ): Promise<Result<unknown, Refusal>> {
    const { thumbs, loader } = this.#ports;
    const kept = await thumbs.kept(url, width);
    if (kept) return ok(await giveKept(request, response, kept));
    const loaded = await loader.load(url, asker);
    if (!loaded.ok) return loaded;
    if (loaded.value.how === 'passing') {
      loaded.value.passing.end();
      return fail('too-large', 'the picture is too large to be made small');
    }
    const from = loaded.value.how === 'bytes' ? loaded.value.bytes : await readFile(loaded.value.kept.path);
    const thumb = await thumbs.of(url, width, { from, type: loaded.value.type });
    if (!thumb.ok) return thumb;
    return ok(
      'kept' in thumb.value
        ? await giveKept(request, response, thumb.value.kept)
        : giveBytes(response, THUMB_TYPE, thumb.value.bytes),
    );
  }
}
