/** Giving files out (BUD-01): whole or in part, for ever the same under their hash, never as anything that runs. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { parseRange } from '#shared/byte-range.ts';
import type { ByteRange } from '#shared/byte-range.ts';
import { fail } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import { YEAR } from '#shared/time.ts';
import type { Blob } from '../book/book.ts';
import { servingHeaders } from '../sniffing/serving.ts';
import type { BlobStore } from '../storing/blob-store.ts';
import { refuse } from './answers.ts';
import type { HotBytes } from './hot-bytes.ts';
import type { KnownBlobs } from './known-blobs.ts';

/** A reader who takes nothing for so long is let go. */
const IDLE_MS = 120_000;

/** What else may be given instead of the bytes themselves: a smaller picture. */
interface Substitute {
  readonly type: string;
  readonly body: Buffer;
}

export interface ServingPorts {
  readonly store: BlobStore;
  readonly known: KnownBlobs;
  readonly hot: HotBytes;
  readonly clock: Clock;
  /** A picture as wide as asked for (`?w=`); undefined: there is none, the original is given. */
  readonly thumbnail?: (
    blob: Blob,
    width: number,
    open: () => Promise<Result<Readable, Failure<'missing' | 'away'>>>,
  ) => Promise<Substitute | undefined>;
  readonly counted: (bytes: number) => void;
}

const widthOf = (request: IncomingMessage): number | undefined => {
  const text = new URLSearchParams((request.url ?? '').split('?')[1] ?? '').get('w') ?? '';
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
};

const headersOf = ({ hash, type, expires }: Blob, now: number): Record<string, string> => ({
  ...servingHeaders(type, hash.slice(0, 12)),
  etag: `"${hash}"`,
  'accept-ranges': 'bytes',
  'cache-control': `public, max-age=${Math.min(YEAR, (expires ?? Infinity) - now)}, immutable`,
  ...(expires === undefined ? {} : { sunset: new Date(expires * 1000).toUTCString() }),
});

const holds = (header: string | undefined, hash: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.includes(`"${hash}"`));

export class Serving {
  readonly #ports: ServingPorts;

  constructor(ports: ServingPorts) {
    this.#ports = ports;
  }

  /** Answers GET and HEAD of a hash. Throws on I/O. */
  async give(request: IncomingMessage, response: ServerResponse, hash: string): Promise<void> {
    const blob = await this.#ports.known.find(hash);
    if (blob === undefined) return refuse(request, response, fail('missing', 'there is no such file').error);
    if (blob === 'expired')
      return refuse(
        request,
        response,
        fail('gone', 'this file was to be here for a while; it is over').error,
      );
    if (blob === 'removed')
      return refuse(request, response, fail('gone', 'the operators have taken this file away').error);
    const headers = headersOf(blob, this.#ports.clock.now());
    if (holds(request.headers['if-none-match'], hash)) return void response.writeHead(304, headers).end();
    const width = widthOf(request);
    if (width !== undefined && (await this.#giveSmall(request, response, { blob, width, headers }))) return;
    await this.#giveBytes(request, response, { blob, headers });
  }

  async #giveSmall(
    request: IncomingMessage,
    response: ServerResponse,
    { blob, width, headers }: { blob: Blob; width: number; headers: Record<string, string> },
  ): Promise<boolean> {
    const { thumbnail, store, counted } = this.#ports;
    const small = await thumbnail?.(blob, width, () => store.open(blob.hash));
    if (!small) return false;
    const { 'accept-ranges': _ranges, ...kept } = headers;
    response.writeHead(200, {
      ...kept,
      ...servingHeaders(small.type, blob.hash.slice(0, 12)),
      etag: `"${blob.hash}-${width}"`,
      'content-length': small.body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : small.body);
    counted(small.body.length);
    return true;
  }

  async #giveBytes(
    request: IncomingMessage,
    response: ServerResponse,
    { blob, headers }: { blob: Blob; headers: Record<string, string> },
  ): Promise<void> {
    const { size, hash } = blob;
    const condition = request.headers['if-range'];
    const wantsPart = condition === undefined || holds(String(condition), hash);
    const range = wantsPart ? parseRange(request.headers.range, size) : undefined;
    if (range === 'outside') {
      response.setHeader('content-range', `bytes */${size}`);
      response.writeHead(416, { 'content-length': 0 }).end();
      return;
    }
    const length = range ? range.end - range.start + 1 : size;
    const part = range ? { 'content-range': `bytes ${range.start}-${range.end}/${size}` } : {};
    const head = { ...headers, ...part, 'content-length': length };
    const status = range ? 206 : 200;
    if (request.method === 'HEAD') return void response.writeHead(status, head).end();
    await this.#send(request, response, { blob, range, begin: () => response.writeHead(status, head) });
    this.#ports.counted(length);
  }

  async #send(
    request: IncomingMessage,
    response: ServerResponse,
    { blob, range, begin }: { blob: Blob; range: ByteRange | undefined; begin: () => void },
  ): Promise<void> {
    const { store, hot } = this.#ports;
    const kept = await hot.find(blob.hash, blob.size);
    if (kept?.ok) {
      begin();
      response.end(range ? kept.value.subarray(range.start, range.end + 1) : kept.value);
      return;
    }
    const opened = kept ?? (await store.open(blob.hash, range));
    if (!opened.ok) return refuse(request, response, opened.error);
    begin();
    response.setTimeout(IDLE_MS, () => response.destroy());
    // A reader who goes away half-way is nobody's failure.
    await pipeline(opened.value, response).catch(() => response.destroy());
  }
}
