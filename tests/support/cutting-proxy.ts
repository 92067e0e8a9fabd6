/** A wire that breaks: between a client and a server on this machine, cut after so many bytes, in the middle of whatever passes. */
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export class CuttingProxy {
  readonly port: number;
  /** How often the wire was cut. */
  cuts = 0;
  /** Bytes that were let through, both ways together. */
  passed = 0;
  /** Bytes that the next connection lets through, both ways together; Infinity for a whole one. */
  budget: () => number = () => Infinity;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Listens on a free port, and passes everything on to the other. */
  static open(to: number): Promise<CuttingProxy> {
    return new Promise((resolve, reject) => {
      const server = createServer((client) => proxy.#join(client, to));
      server.on('error', reject);
      let proxy: CuttingProxy;
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address !== 'object' || !address) return reject(new Error('no port'));
        proxy = new CuttingProxy(server, address.port);
        resolve(proxy);
      });
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, to: number): void {
    const server = connect(to, '127.0.0.1');
    let left = this.budget();
    const end = (): void => {
      for (const socket of [client, server]) {
        socket.destroy();
        this.#open.delete(socket);
      }
    };
    const pass = (source: Socket, target: Socket) => (data: Buffer) => {
      if (left <= 0) return;
      this.passed += Math.min(data.length, left);
      if (data.length < left) {
        left -= data.length;
        // A wire holds no more than a wire does.
        if (!target.write(data)) source.pause();
        return;
      }
      this.cuts += 1;
      // What was let through has still to arrive.
      target.write(data.subarray(0, left), () => setTimeout(end, 1));
      left = 0;
    };
    for (const socket of [client, server]) {
      this.#open.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.on('data', pass(client, server)).on('drain', () => server.resume());
    server.on('data', pass(server, client)).on('drain', () => client.resume());
  }
}
