/** What stands in a composer's field: shown text, the people in it, and the caret. */
import { tick } from 'svelte';
import { addMention, fromWire, insertMention, toWire } from '../text/mentions.ts';
import type { Composed, Mention } from '../text/mentions.ts';

/** Lives as long as its composer. */
export class Field {
  text = $state('');
  mentions = $state.raw<readonly Mention[]>([]);
  area = $state<HTMLTextAreaElement>();
  readonly #nameOf: (pubkey: string) => string;
  readonly #onchange: (wire: string) => void;

  /** `onchange` hears the wire text of every change but those that `set` makes. */
  constructor(nameOf: (pubkey: string) => string, onchange: (wire: string) => void) {
    this.#nameOf = nameOf;
    this.#onchange = onchange;
  }

  /** As it would be sent. */
  get wire(): string {
    return toWire(this).text;
  }

  /** Lets wire text stand in it. */
  set(wire: string): void {
    ({ text: this.text, mentions: this.mentions } = fromWire(wire, this.#nameOf));
  }

  changed(): void {
    this.#onchange(this.wire);
  }

  focus(): void {
    this.area?.focus();
  }

  /** Puts a piece in place of what is selected. */
  insert(piece: string): void {
    const caret = this.area?.selectionStart ?? this.text.length;
    this.#put(caret, this.area?.selectionEnd ?? caret, piece);
  }

  /** Puts a piece in place of what stands between `from` and the caret. */
  replace(from: number, piece: string): void {
    this.#put(from, this.area?.selectionStart ?? this.text.length, piece);
  }

  /** Puts somebody in place of what stands between `from` and the caret. */
  mention({ pubkey, name }: { readonly pubkey: string; readonly name: string }, from: number): void {
    const added = addMention(this.mentions, name, pubkey);
    const written = insertMention(
      this.text,
      this.area?.selectionStart ?? this.text.length,
      from,
      added.label,
    );
    this.mentions = added.mentions;
    this.text = written.text;
    this.changed();
    void this.#setCaret(written.caret);
  }

  /** Empties it, so that the next line can be begun at once. */
  take(): Composed {
    const words = { text: this.text, mentions: this.mentions };
    [this.text, this.mentions] = ['', []];
    this.changed();
    this.focus();
    return words;
  }

  isEmpty(): boolean {
    return this.text === '';
  }

  putBack(words: Composed): void {
    ({ text: this.text, mentions: this.mentions } = words);
    this.changed();
  }

  #put(from: number, to: number, piece: string): void {
    this.text = this.text.slice(0, from) + piece + this.text.slice(to);
    this.changed();
    void this.#setCaret(from + piece.length);
  }

  async #setCaret(to: number): Promise<void> {
    await tick();
    this.focus();
    this.area?.setSelectionRange(to, to);
  }
}
