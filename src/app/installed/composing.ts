/** Whether somebody is writing in this window, and whether what they wrote would be lost with it. */

/** A moment of rest, after which a sentence is not being written any more. */
const REST_MS = 10_000;

/** Fields whose content is looked up, not written. */
const LOOKED_UP =
  '[type="search"], [role="combobox"], [type="checkbox"], [type="radio"], [type="range"], [type="file"]';

interface WrittenField {
  readonly value: string;
  readonly isConnected: boolean;
  matches(selector: string): boolean;
}

export interface ComposingPorts {
  /** The document. */
  readonly events: Pick<EventTarget, 'addEventListener'>;
  readonly isVisible: () => boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

const fieldOf = (target: EventTarget | null): WrittenField | undefined =>
  target !== null && 'value' in target && 'matches' in target
    ? (target as unknown as WrittenField)
    : undefined;

/** Looks at every field of the page. A field with `data-kept` is kept by its own: nothing of it is lost. */
export class Composing {
  readonly #ports: ComposingPorts;
  readonly #written = new Set<WrittenField>();
  #isComposing = false;
  #lastAt = -Infinity;

  constructor(ports: ComposingPorts) {
    this.#ports = ports;
    const { events, now } = ports;
    events.addEventListener('compositionstart', () => (this.#isComposing = true));
    events.addEventListener('compositionend', () => (this.#isComposing = false));
    events.addEventListener('input', ({ target }) => {
      const field = fieldOf(target);
      if (!field || field.matches(LOOKED_UP)) return;
      this.#lastAt = now();
      if (!field.matches('[data-kept]')) this.#written.add(field);
    });
  }

  /** In mid-sentence before somebody's eyes, or with something that a new page would not have. */
  isBusy(): boolean {
    const isWriting = this.#isComposing || this.#ports.now() - this.#lastAt < REST_MS;
    return (isWriting && this.#ports.isVisible()) || this.hasUnkept();
  }

  /** A form was written in that nobody keeps. */
  hasUnkept(): boolean {
    for (const field of this.#written)
      if (!field.isConnected || field.value.trim() === '') this.#written.delete(field);
    return this.#written.size > 0;
  }
}
