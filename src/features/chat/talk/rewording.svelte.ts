/** One's own line being said otherwise: its words stand in the composer, and what stood there comes back afterwards. */
import type { LineRow } from '../rows/tables.ts';

/** The composer, as wire text. */
interface Field {
  words(): string;
  write(wire: string): void;
}

export class Rewording {
  /** The line at hand. */
  line = $state.raw<LineRow>();
  #before = '';

  begin(line: LineRow, field: Field | undefined): void {
    if (!this.line) this.#before = field?.words() ?? '';
    this.line = line;
    field?.write(line.text);
  }

  /** Nothing is changed, or it is done. */
  end(field: Field | undefined): void {
    if (!this.line) return;
    this.line = undefined;
    field?.write(this.#before);
    this.#before = '';
  }
}
