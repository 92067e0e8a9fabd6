/** What the tabs of one profile tell each other. Only pages of this origin hear it. */
import { DATA_KEY_BYTES } from '../store/seal/sealer.ts';
import { Desk } from '../rpc/desk.ts';
import type { Line } from '../rpc/desk.ts';
import type { Bytes } from './ports.ts';

export type News =
  /** Forget the keys. */
  | 'lock'
  /** Forget the keys and let go of everything: it is being erased. */
  | 'erase'
  /** This tab has the keys now. */
  | 'open'
  /** The register says something else now. */
  | 'changed'
  /** A hand is on the machine. */
  | 'touch';

const NEWS: readonly string[] = ['lock', 'erase', 'open', 'changed', 'touch'] satisfies News[];

export interface NewsEars {
  /** The data key, where this tab has it. */
  key(): Bytes | undefined;
  hear(news: News): void;
}

const ASK = 'who has the key';
const KEY = 'key';

const isKey = (value: unknown): value is Bytes =>
  value instanceof Uint8Array && value.length === DATA_KEY_BYTES;

export class TabNews {
  readonly #desk: Desk;
  #came: ((key: Bytes | undefined) => void) | undefined;

  constructor(line: Line, ears: NewsEars, address: string = crypto.randomUUID()) {
    this.#desk = new Desk(line, address, {
      answer: () => {
        throw new Error('nothing is asked here');
      },
      told: (from, topic, value) => {
        if (topic === ASK) {
          const key = ears.key();
          if (key) this.#desk.tell(KEY, key, from);
        } else if (topic === KEY) {
          if (isKey(value)) this.#came?.(value);
        } else if (NEWS.includes(topic)) {
          // Whoever is just being told the key must not take it after this.
          if (topic === 'lock' || topic === 'erase') this.#came?.(undefined);
          ears.hear(topic as News);
        }
      },
    });
  }

  tell(news: News): void {
    this.#desk.tell(news, null);
  }

  /** The data key of another tab that has it; undefined when none has said so in time (milliseconds). */
  askForKey(ms: number): Promise<Bytes | undefined> {
    return new Promise((resolve) => {
      const end = (key: Bytes | undefined): void => {
        clearTimeout(timer);
        this.#came = undefined;
        resolve(key);
      };
      const timer = setTimeout(() => end(undefined), ms);
      this.#came = end;
      this.#desk.tell(ASK, null);
    });
  }

  close(): void {
    this.#came?.(undefined);
    this.#desk.close();
  }
}
