/** Words too long for one NOTIFY (8,000 bytes), cut into pieces and put together again. */
import { randomBytes } from 'node:crypto';

/** Characters of base64. */
const PIECE = 7000;
const MOST_PIECES = 64;
const FORGET_AFTER_MS = 10_000;

/** The pieces of a word: `<name> <index> <count> <base64 of UTF-8>`. */
export const cutWord = (text: string): string[] => {
  const name = randomBytes(6).toString('hex');
  const coded = Buffer.from(text, 'utf8').toString('base64');
  const count = Math.max(1, Math.ceil(coded.length / PIECE));
  return Array.from(
    { length: count },
    (_, index) => `${name} ${index} ${count} ${coded.slice(index * PIECE, (index + 1) * PIECE)}`,
  );
};

const FORM = /^([0-9a-f]{12}) (\d{1,3}) (\d{1,3}) /;
const join = (parts: readonly (string | undefined)[]): string =>
  Buffer.from(parts.join(''), 'base64').toString('utf8');

interface Unfinished {
  readonly parts: (string | undefined)[];
  readonly since: number;
}

/** Puts words together; what stays unfinished is forgotten. */
export class Joiner {
  #unfinished = new Map<string, Unfinished>();
  #now: () => number;

  constructor(now: () => number = () => Date.now()) {
    this.#now = now;
  }

  /** The whole word with its last piece; undefined before, and for what is no piece. */
  take(piece: string): string | undefined {
    const form = FORM.exec(piece);
    if (!form) return undefined;
    const [head, name = '', index, count] = form;
    const [at, all] = [Number(index), Number(count)];
    if (all > MOST_PIECES || at >= all) return undefined;
    this.#forgetOld();
    const { parts } = this.#wordOf(name, all);
    if (parts.length !== all) return undefined;
    parts[at] = piece.slice(head.length);
    if (parts.some((part) => part === undefined)) return undefined;
    this.#unfinished.delete(name);
    return join(parts);
  }

  #wordOf(name: string, count: number): Unfinished {
    const known = this.#unfinished.get(name);
    if (known) return known;
    const parts = Array.from({ length: count }, (): string | undefined => undefined);
    const word = { parts, since: this.#now() };
    this.#unfinished.set(name, word);
    return word;
  }

  #forgetOld(): void {
    for (const [name, { since }] of this.#unfinished) {
      if (this.#now() - since < FORGET_AFTER_MS) return;
      this.#unfinished.delete(name);
    }
  }
}
