/** A door in front of the city that serves another version of the app at a word, or a wrong file: the city itself stays. */
import { readFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';

const WORKER = '/service-worker.js';

/** Answers these paths itself; everything else is the city's. */
export class VersionDoor {
  readonly #server: Server;
  readonly #city: number;
  readonly #sockets = new Set<Socket>();
  /** What stands at a path instead of the built file. */
  readonly replaced = new Map<string, { readonly body: string; readonly type: string }>();

  /** Nobody gets through. */
  isShut = false;

  private constructor(city: number) {
    this.#city = city;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('upgrade', (request, socket: Socket, head: Buffer) =>
      this.#upgrade(request, socket, head),
    );
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** A door before the city on a port of its own. */
  static async before(cityPort: number): Promise<VersionDoor> {
    const door = new VersionDoor(cityPort);
    await new Promise<void>((listening) => door.#server.listen(0, '127.0.0.1', listening));
    return door;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on a version is served that differs from the built one in its service worker, as a deploy does. */
  deploy(version: string): void {
    this.replaced.set(WORKER, {
      body: `${readFileSync('build/client/service-worker.js', 'utf8')}\n/* ${version} */`,
      type: 'text/javascript',
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((closed) => this.#server.close(closed));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.isShut) return void response.destroy();
    const { pathname } = new URL(request.url ?? '/', this.url);
    const own = this.replaced.get(pathname);
    if (own) {
      response.writeHead(200, { 'content-type': own.type, 'cache-control': 'no-cache' }).end(own.body);
      return;
    }
    const onward = ask(
      {
        port: this.#city,
        host: '127.0.0.1',
        path: request.url,
        method: request.method,
        headers: request.headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const onward = connect(this.#city, '127.0.0.1', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
      onward.write(
        `${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`,
      );
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  }
}
