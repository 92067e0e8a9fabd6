/** `POST /api/preview`: what a page says of itself, for somebody of this city who writes its address into a line. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecord, parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { readBody } from '../../http/body.ts';
import type { StreamHandler } from '../../http/router.ts';
import { addressOf } from '../../relay/peer-address.ts';
import { RateLimiter } from '../../relay/pace/rates.ts';
import type { Rate } from '../../relay/pace/rates.ts';
import { causeOf } from '../../telemetry/log.ts';
import type { Log } from '../../telemetry/log.ts';
import { isOwnPage } from '../proxy/front.ts';
import type { MediaProxy } from '../proxy/proxy.ts';
import { Previewer } from './previewer.ts';
import type { Preview, PreviewFailure } from './previewer.ts';

const PATH = '/api/preview';
const BODY = { limit: 8 * 1024, withinMs: 10_000 };

/** Somebody writes a few addresses at once, and then now and then one. */
const RATE: Rate = { perSecond: 0.5, burst: 30 };

interface PreviewPorts {
  readonly proxy: Pick<MediaProxy, 'fetch' | 'loader' | 'thumbs'>;
  readonly log: Log;
  readonly publicUrl: () => URL;
  /** How many from one address; tests hand one in. */
  readonly rate?: Rate;
}

type Refusal = PreviewFailure | Failure<'foreign' | 'rate-limited' | 'request' | 'method' | 'broken'>;

const STATUS: Readonly<Record<Refusal['code'], number>> = {
  request: 400,
  foreign: 403,
  forbidden: 403,
  method: 405,
  type: 415,
  nothing: 422,
  'rate-limited': 429,
  broken: 500,
  unreachable: 502,
  refused: 502,
  'too-large': 502,
  busy: 503,
  'too-slow': 504,
};

const give = (response: ServerResponse, value: unknown, status = 200): void => {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...(response.req.complete ? {} : { connection: 'close' }),
  });
  response.end(body);
};

const spoken = ({ picture, ...words }: Preview): unknown =>
  picture ? { ...words, picture: { ...picture, bytes: picture.bytes.toString('base64') } } : words;

class PreviewDoor {
  #ports: PreviewPorts;
  #previewer: Previewer;
  #rates: RateLimiter;

  constructor(ports: PreviewPorts) {
    this.#ports = ports;
    this.#previewer = new Previewer(ports.proxy);
    this.#rates = new RateLimiter(ports.rate ?? RATE);
  }

  readonly handle: StreamHandler = (request, response, path) => {
    if (path !== PATH) return false;
    void this.#answer(request, response);
    return true;
  };

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let done: Result<Preview, Refusal>;
    try {
      done = await this.#preview(request);
    } catch (cause) {
      this.#ports.log.error('a page could not be looked at', causeOf(cause));
      done = fail('broken', 'the city could not do this just now; try again');
    }
    if (done.ok) return give(response, spoken(done.value));
    if (done.error.code === 'method') response.setHeader('allow', 'POST');
    give(response, { error: done.error.code, message: done.error.message }, STATUS[done.error.code]);
  }

  async #preview(request: IncomingMessage): Promise<Result<Preview, Refusal>> {
    if (request.method !== 'POST') return fail('method', 'this path takes POST');
    if (!isOwnPage(request, this.#ports.publicUrl()))
      return fail('foreign', 'this is for the pages of this city');
    const asker = addressOf(request);
    if (!this.#rates.take(asker)) return fail('rate-limited', 'too many pages; wait a little');
    const body = await readBody(request, BODY);
    if (!body.ok) return fail('request', body.error.message);
    const wish = parseWish(body.value.toString('utf8'));
    return wish.ok ? this.#previewer.of({ ...wish.value, asker }) : wish;
  }
}

const parseWish = (text: string): Result<{ url: string; picture: boolean }, Failure<'request'>> => {
  const json = parseJson(text);
  const value = json.ok && isRecord(json.value) ? json.value : {};
  const { url, picture = true } = value;
  return typeof url === 'string' && typeof picture === 'boolean'
    ? ok({ url, picture })
    : fail('request', 'the body is {"url", "picture"?}');
};

/** Wires it; nobody is asked yet. */
export const openPreviews = (ports: PreviewPorts): { readonly handle: StreamHandler } =>
  new PreviewDoor(ports);
