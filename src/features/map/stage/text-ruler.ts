/** Measures texts for the canvas and remembers: the same names come back with every frame. */

const MOST = 20_000;

/** Widths in CSS pixels by font and text. */
export class TextRuler {
  readonly #brush = document.createElement('canvas').getContext('2d');
  readonly #known = new Map<string, number>();
  #font = '';

  /** The width of a text in a font, each character followed by `spacing`. */
  width(text: string, font: string, spacing = 0): number {
    const key = `${font}\n${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known + spacing * text.length;
    if (!this.#brush) return text.length * 7;
    if (this.#font !== font) this.#brush.font = this.#font = font;
    const width = this.#brush.measureText(text).width;
    if (this.#known.size > MOST) this.#known.clear();
    this.#known.set(key, width);
    return width + spacing * text.length;
  }

  /** Forgets everything: the faces may have changed. */
  clear(): void {
    this.#known.clear();
    this.#font = '';
  }
}
