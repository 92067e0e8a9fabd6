/** A city that takes files, by hand: tus at `/api/uploads` with its finish, `PUT /upload`, blobs by their hash. On a free port. */
import { createHash, randomUUID } from 'node:crypto';
import { parseBlobAuth } from '../../src/protocol/media/blossom.ts';
import { tagValues } from '../../src/protocol/tags.ts';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

interface Part {
  readonly length: number;
  readonly metadata: string;
  bytes: Buffer;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

export class FakeMediaCity {
  readonly origin: string;
  /** What is stored, by its hash. */
  readonly blobs = new Map<string, Buffer>();
  /** What is on its way, by its id. */
  readonly parts = new Map<string, Part>();
  /** Bytes of bodies that arrived, ever. */
  received = 0;
  readonly asked: string[] = [];
  /** Answers in the city's place where it gives something. */
  instead: (method: string, path: string) => FakeAnswer | undefined = () => undefined;
  /** Milliseconds that each request waits. */
  slow = 0;
  #readsTokens = false;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** `readsTokens`: they have to be real in form, and name the hash in an `x`. */
  static open({ readsTokens = false } = {}): Promise<FakeMediaCity> {
    return new Promise((resolve) => {
      const server = createServer((request, response) => {
        city.#answer(request, response).catch(() => response.destroy());
      });
      let city: FakeMediaCity;
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        city = new FakeMediaCity(server, typeof address === 'object' ? (address?.port ?? 0) : 0);
        city.#readsTokens = readsTokens;
        resolve(city);
      });
    });
  }

  get port(): number {
    return Number(new URL(this.origin).port);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    this.asked.push(`${method} ${url}`);
    await new Promise((resolve) => setTimeout(resolve, this.slow));
    const instead = this.instead(method, url);
    if (instead) {
      request.resume();
      return end(response, instead.status, instead.headers);
    }
    const id = /^\/api\/uploads\/([^/]+)(\/finish)?$/.exec(url);
    if (method === 'PUT' && url === '/upload') return this.#put(request, response);
    if (method === 'POST' && url === '/api/uploads') return this.#create(request, response);
    if (id?.[2]) return this.#finish(request, response, id[1] ?? '');
    if (id) return this.#part(request, response, id[1] ?? '');
    return end(response, this.blobs.has(url.slice(1, 65)) ? 200 : 404);
  }

  async #put(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    this.received += bytes.length;
    this.#store(response, bytes, request.headers.authorization);
  }

  #create(request: IncomingMessage, response: ServerResponse): void {
    const id = randomUUID();
    const { headers } = request;
    if (!headers.authorization) return end(response, 401);
    const length = Number(headers['upload-length']);
    this.parts.set(id, { length, metadata: String(headers['upload-metadata']), bytes: Buffer.alloc(0) });
    end(response, 201, { location: `/api/uploads/${id}` });
  }

  async #part(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const part = this.parts.get(id);
    if (!part) return end(response, 404);
    if (request.method === 'DELETE') {
      this.parts.delete(id);
      return end(response, 204);
    }
    if (request.method === 'PATCH') {
      if (Number(request.headers['upload-offset']) !== part.bytes.length) return end(response, 409);
      const held = [part.bytes];
      try {
        for await (const chunk of request) {
          held.push(chunk as Buffer);
          this.received += (chunk as Buffer).length;
        }
      } finally {
        // What came before a cut is kept.
        part.bytes = Buffer.concat(held);
      }
    }
    end(response, request.method === 'PATCH' ? 204 : 200, {
      'upload-offset': String(part.bytes.length),
      'upload-length': String(part.length),
    });
  }

  #finish(request: IncomingMessage, response: ServerResponse, id: string): void {
    const part = this.parts.get(id);
    if (!part) return end(response, 404);
    if (part.bytes.length !== part.length) return end(response, 409);
    this.parts.delete(id);
    this.#store(response, part.bytes, request.headers.authorization);
  }

  #store(response: ServerResponse, bytes: Buffer, authorization: string | undefined): void {
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (!authorization) return end(response, 401);
    const token = this.#readsTokens ? parseBlobAuth(authorization) : undefined;
    const names = token
      ? token.ok && tagValues(token.value, 'x').includes(hash)
      : authorization.includes(hash);
    if (!names) return end(response, 409, { 'x-reason': 'the hash differs' });
    this.blobs.set(hash, bytes);
    end(response, 201);
  }
}

const end = (response: ServerResponse, status: number, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'tus-resumable': '1.0.0', ...headers });
  response.end();
};
