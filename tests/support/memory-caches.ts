/** Cache Storage in memory: named caches of answers by address. */
export class MemoryCaches {
  readonly #caches = new Map<string, Map<string, Response>>();
  /** Set: everything is refused, as a full or broken disk does. */
  isBroken = false;

  has(name: string) {
    return Promise.resolve(this.#caches.has(name));
  }

  delete(name: string) {
    return Promise.resolve(this.#caches.delete(name));
  }

  /** Everything that lies there, as the disk would hold it. */
  async bytes(): Promise<Buffer> {
    const bodies = [...this.#caches.values()].flatMap((cache) => [...cache.values()]);
    const bytes = await Promise.all(bodies.map((body) => body.clone().arrayBuffer()));
    return Buffer.concat(bytes.map((each) => Buffer.from(each)));
  }

  open(name: string) {
    if (this.isBroken) return Promise.reject(new Error('the disk is broken'));
    const cache = this.#caches.get(name) ?? new Map<string, Response>();
    this.#caches.set(name, cache);
    return Promise.resolve({
      match: (address: string) => Promise.resolve(cache.get(address)?.clone()),
      put: (address: string, response: Response) => {
        cache.set(address, response);
        return Promise.resolve();
      },
      keys: () => Promise.resolve([...cache.keys()].map((url) => ({ url }))),
      delete: ({ url }: { readonly url: string }) => Promise.resolve(cache.delete(url)),
    });
  }
}
