/** tus' server over our store: the protocol is theirs, who may begin an upload and what becomes of it is the door's. */
import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS, Server } from '@tus/server';
import type { CancellationContext, Upload } from '@tus/server';
import { BrokenOff, TooMuch } from '../intake/receive.ts';
import { UPLOADS_PATH } from './path.ts';
import { HashingStore } from './hashing-store.ts';

export interface TusDesk {
  readonly server: Server;
  readonly store: HashingStore;
}

/** The protocol's words for what went wrong, as codes. */
const CODES: Readonly<Record<number, string>> = {
  400: 'request',
  403: 'request',
  404: 'missing',
  409: 'offset',
  410: 'gone',
  412: 'request',
  413: 'too-large',
  507: 'full',
};

/** The parts of tus' request that lead to Node's. */
interface Asked {
  readonly runtime?: { readonly node?: { readonly req: IncomingMessage; readonly res?: ServerResponse } };
}

const explain = (request: Asked, cause: Error | { status_code: number; body: string }) => {
  const code = (cause as NodeJS.ErrnoException).code;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const status = isFull ? 507 : 'status_code' in cause ? cause.status_code : 500;
  const said = 'body' in cause ? cause.body.trim() : 'something went wrong';
  const message = isFull ? 'the city has no room for this file just now' : said;
  request.runtime?.node?.res?.setHeader('x-reason', message.replace(/[^\x20-\x7e]/g, '?'));
  return { status_code: status, body: JSON.stringify({ error: CODES[status] ?? 'error', message }) };
};

export interface DeskPorts {
  readonly folder: string;
  readonly keptMs: number;
  readonly most: number;
  /** The id that the door has given to a request to begin an upload. */
  readonly idOf: (request: IncomingMessage) => string | undefined;
}

/** tus reads bodies through four streams; those of pieces go from the request into the file. */
const readDirectly = (server: Server, store: HashingStore): void => {
  Object.assign(server.handlers.PATCH, {
    writeToStore: async (
      body: IncomingMessage,
      { id, offset }: Upload,
      most: number,
      { signal }: CancellationContext,
    ): Promise<number> => {
      if (signal.aborted) throw ERRORS.ABORTED;
      try {
        return await store.receive(body, id, offset, { most, signal });
      } catch (cause) {
        if (cause instanceof TooMuch) throw ERRORS.ERR_SIZE_EXCEEDED;
        throw cause instanceof BrokenOff ? ERRORS.ABORTED : cause;
      }
    },
  });
};

/** Makes the folder and opens the desk. Throws on I/O. */
export const openDesk = async ({ folder, keptMs, most, idOf }: DeskPorts): Promise<TusDesk> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const store = new HashingStore(folder, keptMs);
  const server = new Server({
    path: UPLOADS_PATH,
    datastore: store,
    relativeLocation: true,
    maxSize: most,
    exposedHeaders: ['X-Reason'],
    namingFunction: (request) => {
      const { node } = (request as Asked).runtime ?? {};
      const id = node && idOf(node.req);
      if (id === undefined) throw new Error('nobody began this upload');
      return id;
    },
    onIncomingRequest: (request) => {
      const req = (request as Asked).runtime?.node?.req;
      // Else it becomes a web stream with the first look.
      if (req?.method === 'PATCH') Object.defineProperty(request, 'body', { value: req });
      return Promise.resolve();
    },
    onResponseError: (request, cause) => explain(request as Asked, cause),
  });
  readDirectly(server, store);
  return { server, store };
};
