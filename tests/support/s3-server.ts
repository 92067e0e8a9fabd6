/** A small store that speaks enough of S3: objects, ranges, parts. It forgets everything when it ends. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Server {
  /** For S3_URL. */
  readonly url: string;
  readonly objects: ReadonlyMap<string, Buffer>;
  /** How many parts came. */
  readonly parts: () => number;
  /** While it is away every connection breaks. */
  setAway(away: boolean): void;
  close(): Promise<void>;
}

const BUCKET = 'city';

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

const xml = (response: ServerResponse, text: string, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`);
};

const giveObject = (request: IncomingMessage, response: ServerResponse, bytes: Buffer): void => {
  const found = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  const part = found ? bytes.subarray(Number(found[1]), Number(found[2]) + 1) : bytes;
  response.writeHead(found ? 206 : 200, { 'content-length': part.length, etag: etagOf(bytes) });
  response.end(request.method === 'HEAD' ? undefined : part);
};

/** Starts one with an empty bucket. */
export const startS3 = async (): Promise<S3Server> => {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  let away = false;
  let parts = 0;

  const put = async (
    name: string,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    const bytes = await bodyOf(request);
    const upload = uploads.get(query.get('uploadId') ?? '');
    if (upload) {
      parts++;
      upload.set(Number(query.get('partNumber')), bytes);
    } else objects.set(name, bytes);
    response.writeHead(200, { etag: etagOf(bytes) }).end();
  };

  const post = async (
    name: string,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    await bodyOf(request);
    if (query.has('uploads')) {
      const id = String(uploads.size + 1);
      uploads.set(id, new Map());
      return xml(
        response,
        `<InitiateMultipartUploadResult><Bucket>${BUCKET}</Bucket><Key>${name}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      );
    }
    const upload = uploads.get(query.get('uploadId') ?? '') ?? new Map<number, Buffer>();
    const bytes = Buffer.concat([...upload].toSorted(([a], [b]) => a - b).map(([, part]) => part));
    objects.set(name, bytes);
    xml(
      response,
      `<CompleteMultipartUploadResult><Key>${name}</Key><ETag>${etagOf(bytes)}</ETag></CompleteMultipartUploadResult>`,
    );
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://store');
    const name = url.pathname.slice(BUCKET.length + 2);
    if (!(request.headers.authorization ?? '').includes('Credential=the-key/'))
      return xml(response, '<Error><Code>AccessDenied</Code></Error>', 403);
    if (request.method === 'PUT') return put(name, url.searchParams, request, response);
    if (request.method === 'POST') return post(name, url.searchParams, request, response);
    if (request.method === 'DELETE') {
      objects.delete(name);
      return void response.writeHead(204).end();
    }
    const bytes = objects.get(name);
    if (!bytes) return xml(response, '<Error><Code>NoSuchKey</Code></Error>', 404);
    giveObject(request, response, bytes);
  };

  const server = createServer((request, response) => {
    if (away) return void request.socket.destroy();
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://the-key:the%2Fsecret@127.0.0.1:${port}/${BUCKET}/files?region=eu-1`,
    objects,
    parts: () => parts,
    setAway: (value) => {
      away = value;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
