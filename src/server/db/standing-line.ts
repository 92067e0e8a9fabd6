/** One connection of its own to PostgreSQL that is opened again whenever it was cut: for LISTEN and locks that last. */
import pg from 'pg';

export interface LineOptions {
  readonly url: string;
  /** Asked on every new connection before it counts as open. Throws: it is closed and tried again. */
  readonly greet: (client: pg.Client) => Promise<void>;
  readonly onNotice?: (channel: string, payload: string) => void;
  /** After a cut. */
  readonly onReopen?: () => void;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2000;
const CONNECT_MS = 5000;
const PING_EVERY_MS = 10_000;
const PING_MS = 5000;

export class StandingLine {
  #options: LineOptions;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ping: NodeJS.Timeout;
  #wait = FIRST_WAIT_MS;
  #closed = false;

  private constructor(options: LineOptions) {
    this.#options = options;
    this.#ping = setInterval(() => this.#check(), PING_EVERY_MS).unref();
  }

  /** Opens the first connection; throws when it can't be had or the greeting fails. */
  static async open(options: LineOptions): Promise<StandingLine> {
    const line = new StandingLine(options);
    try {
      await line.#connect();
    } catch (cause) {
      await line.close();
      throw cause;
    }
    return line;
  }

  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#ping);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const { url, greet, onNotice } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: PING_MS,
      keepAlive: true,
    });
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    client.on('notification', ({ channel, payload }) => onNotice?.(channel, payload ?? ''));
    try {
      await client.connect();
      await greet(client);
    } catch (cause) {
      client.end().catch(() => undefined);
      throw cause;
    }
    this.#client = client;
    this.#wait = FIRST_WAIT_MS;
  }

  /** A connection whose other end is gone without a word is found out by asking. */
  #check(): void {
    const client = this.#client;
    client?.query('select 1').catch(() => {
      this.#lose(client);
      client.end().catch(() => undefined);
    });
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#again();
  }

  #again(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#connect().then(
        () => this.#options.onReopen?.(),
        () => this.#again(),
      );
    }, this.#wait);
    this.#wait = Math.min(LONGEST_WAIT_MS, this.#wait * 2);
  }
}
