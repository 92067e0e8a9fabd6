/** Sends one file: a small one in one piece (BUD-02), a larger one by tus, which goes on where a cut has left it. */
import { Upload } from 'tus-js-client';
import type { DetailedError, UploadOptions } from 'tus-js-client';
import type { Manifest } from '../outgoing/records.ts';
import { fetchStack, PATIENCE } from './fetch-stack.ts';
import type { Fetch } from './fetch-stack.ts';
import { judgeAnswer, judgeResponse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

type Bytes = Uint8Array<ArrayBuffer>;
/** Bytes to be sent: in memory, or as files on this device. */
export type Part = Bytes | Blob;

/** Files below this many bytes go in one request. */
const SMALL = 1 << 20;
/** Bytes of the first request, of the largest, and how long (milliseconds) one should take. */
const LEAST_SLICE = 256 << 10;
const MOST_SLICE = 64 << 20;
const SLICE_TIME = 1_000;
/** Milliseconds that an answer to a beginning is waited for where it is not wanted any more. */
const BEGINNING = 3_000;
/** A request is at most so many times as long as the one before. */
const MOST_GROWTH = 8;

export interface Sending {
  readonly manifest: Pick<Manifest, 'size' | 'type' | 'isSealed' | 'server' | 'begin' | 'expires'>;
  /** Its hash and what proves that it may be stored, once they are known: a file may be sent while it is still being sealed. */
  readonly ending: () => Promise<{ readonly hash: string; readonly token: string }>;
  /** Where an earlier try has begun it, and bytes that the city has of it. */
  readonly url?: string | undefined;
  readonly sent: number;
  /** Bytes from one place to before another, or fewer. Throws where they cannot be had. */
  readonly read: (from: number, to: number) => Promise<Part>;
  readonly onurl: (url: string) => void;
  readonly onsent: (sent: number) => void;
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
}

/** One try; never throws for what a network or a city does. */
export const sendFile = async (sending: Sending): Promise<Outcome> => {
  if (sending.signal.aborted) return { outcome: 'stopped' };
  if (sending.manifest.size < SMALL && sending.url === undefined) return putWhole(sending);
  const begun = sending.url;
  if (begun !== undefined && sending.sent === sending.manifest.size) return finish(sending, begun);
  const arrived = await sendParts(sending);
  return 'url' in arrived ? finish(sending, arrived.url) : arrived;
};

const endpoint = (server: string): string => new URL('/api/uploads', server).href;

/** A request that ends with the person's wish or after a while. */
const ask = async ({ signal, fetch }: Sending, url: string, init: RequestInit): Promise<Outcome> => {
  try {
    const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    return await judgeResponse(
      await fetch(url, { ...init, signal: ends, credentials: 'omit', cache: 'no-store' }),
    );
  } catch {
    return { outcome: signal.aborted ? 'stopped' : 'later' };
  }
};

const putWhole = async (sending: Sending): Promise<Outcome> => {
  const { server, size, type, expires } = sending.manifest;
  const { token, hash } = await sending.ending();
  const outcome = await ask(sending, new URL('/upload', server).href, {
    method: 'PUT',
    headers: {
      authorization: token,
      'content-type': type,
      'x-sha-256': hash,
      ...(expires === undefined ? {} : { 'x-expiration': String(expires) }),
    },
    body: await readAll(sending, size),
  });
  if (outcome.outcome === 'stored') sending.onsent(size);
  // The door itself cannot be missing for good.
  return outcome.outcome === 'gone' ? { outcome: 'later' } : outcome;
};

const readAll = async ({ read }: Sending, size: number): Promise<Bytes> => {
  const whole = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const found = await read(at, size);
    const part = found instanceof Blob ? new Uint8Array(await found.arrayBuffer()) : found;
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Says that all bytes are there. Where the answer was lost before, the city may have it already. */
const finish = async (sending: Sending, url: string): Promise<Outcome> => {
  const { hash, token } = await sending.ending();
  const outcome = await ask(sending, `${url}/finish`, { method: 'POST', headers: { authorization: token } });
  if (outcome.outcome !== 'gone') return outcome;
  const there = await ask(sending, new URL(`/${hash}`, sending.manifest.server).href, { method: 'HEAD' });
  return there.outcome === 'stored' || there.outcome === 'later' ? there : { outcome: 'gone' };
};

/** Slices that grow and shrink with the line, so that progress is told every second and a cut costs little. */
class Slices {
  #length = LEAST_SLICE;
  #began = 0;
  #sent = 0;

  get length(): number {
    return this.#length;
  }

  begin(length: number): void {
    this.#began = performance.now();
    this.#sent = length;
  }

  /** The next one is as long as what this line carries in the time that one should take. */
  arrived(): void {
    const took = performance.now() - this.#began;
    const fits = this.#sent * Math.min(MOST_GROWTH, SLICE_TIME / took);
    this.#length = Math.ceil(Math.min(MOST_SLICE, Math.max(LEAST_SLICE, fits)));
  }
}

const sourceOf = ({ manifest, read }: Sending, slices: Slices): NonNullable<UploadOptions['fileReader']> => ({
  openFile: () =>
    Promise.resolve({
      size: manifest.size,
      slice: async (from, to) => {
        const value = await read(from, Math.min(to, from + slices.length));
        slices.begin(value instanceof Blob ? value.size : value.length);
        // `done` is said of the file's end only, where its length was not told before.
        return { value, done: false };
      },
      close: () => undefined,
    }),
});

const metadataOf = ({ type, isSealed, expires }: Sending['manifest']): Record<string, string> => ({
  type,
  sealed: isSealed ? '1' : '0',
  ...(expires === undefined ? {} : { expires: String(expires) }),
});

const sendParts = async (sending: Sending): Promise<Outcome | { readonly url: string }> => {
  const { manifest, signal, fetch } = sending;
  const authorization = manifest.begin ?? (await sending.ending()).token;
  const slices = new Slices();
  return new Promise((resolve) => {
    const upload = new Upload(new Blob(), {
      endpoint: endpoint(manifest.server),
      uploadUrl: sending.url ?? null,
      uploadSize: manifest.size,
      metadata: metadataOf(manifest),
      chunkSize: MOST_SLICE,
      retryDelays: null,
      storeFingerprintForResuming: false,
      fileReader: sourceOf(sending, slices),
      httpStack: fetchStack(fetch),
      onBeforeRequest: (request) => {
        if (request.getMethod() === 'POST') request.setHeader('Authorization', authorization);
      },
      onUploadUrlAvailable: () => {
        sending.onurl(upload.url ?? '');
        if (signal.aborted) stop();
      },
      onChunkComplete: (_size, accepted) => {
        slices.arrived();
        sending.onsent(accepted);
      },
      onSuccess: () => resolve(upload.url ? { url: upload.url } : { outcome: 'gone' }),
      onError: (cause) => resolve(signal.aborted ? { outcome: 'stopped' } : judgeError(cause)),
    });
    const stop = (): void => {
      void upload.abort();
      resolve({ outcome: 'stopped' });
    };
    // What is just being begun there can only be ended there once its address is known.
    const stopSoon = (): void => (upload.url === null ? void setTimeout(stop, BEGINNING) : stop());
    signal.addEventListener('abort', stopSoon, { once: true });
    upload.start();
  });
};

const judgeError = (cause: Error | DetailedError): Outcome => {
  const response = 'originalResponse' in cause ? cause.originalResponse : undefined;
  if (!response) {
    const inner = 'causingError' in cause ? cause.causingError : cause;
    return inner instanceof UnreadableFile
      ? { outcome: 'refused', reason: inner.message }
      : { outcome: 'later' };
  }
  const status = response.getStatus();
  // 409: the city has more or less than we thought; the next try asks first.
  if (status < 400 || status === 409) return { outcome: 'later' };
  return judgeAnswer({
    status,
    reason: response.getHeader('X-Reason'),
    retryAfter: response.getHeader('Retry-After'),
    body: response.getBody(),
  });
};

/** Bytes that should lie on this device and do not. */
export class UnreadableFile extends Error {}
