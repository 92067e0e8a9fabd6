/** tus over `fetch`: workers and service workers have it, and so has Node. */
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';

/** `fetch`, or a stand-in. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Milliseconds that one request may take: bodies are cut to what takes a second or two. */
export const PATIENCE = 90_000;

class FetchResponse implements HttpResponse {
  readonly #response: Response;
  readonly #body: string;

  constructor(response: Response, body: string) {
    this.#response = response;
    this.#body = body;
  }

  getStatus = (): number => this.#response.status;
  getHeader = (name: string): string | undefined => this.#response.headers.get(name) ?? undefined;
  getBody = (): string => this.#body;
  getUnderlyingObject = (): Response => this.#response;
}

class FetchRequest implements HttpRequest {
  readonly #headers = new Map<string, string>();
  readonly #end = new AbortController();
  readonly #fetch: Fetch;
  readonly #method: string;
  readonly #url: string;

  constructor(fetch: Fetch, method: string, url: string) {
    this.#fetch = fetch;
    this.#method = method;
    this.#url = url;
  }

  getMethod = (): string => this.#method;
  getURL = (): string => this.#url;
  setHeader = (name: string, value: string): void => void this.#headers.set(name, value);
  getHeader = (name: string): string | undefined => this.#headers.get(name);
  /** `fetch` tells of no progress: pieces are short instead. */
  setProgressHandler = (): void => undefined;
  getUnderlyingObject = (): undefined => undefined;

  async send(body?: BodyInit | null): Promise<HttpResponse> {
    const timer = setTimeout(() => this.#end.abort(), PATIENCE);
    try {
      const response = await this.#fetch(this.#url, {
        method: this.#method,
        headers: Object.fromEntries(this.#headers),
        body: body ?? null,
        signal: this.#end.signal,
        credentials: 'omit',
        cache: 'no-store',
      });
      return new FetchResponse(response, await response.text());
    } finally {
      clearTimeout(timer);
    }
  }

  abort(): Promise<void> {
    this.#end.abort();
    return Promise.resolve();
  }
}

/** Requests of one upload. */
export const fetchStack = (fetch: Fetch): HttpStack => ({
  createRequest: (method, url) => new FetchRequest(fetch, method, url),
  getName: () => 'FetchStack',
});
