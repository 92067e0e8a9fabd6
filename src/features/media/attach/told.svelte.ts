/** Something that is told once on a device, and stays to be read while it is on the screen. */

interface Memory {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

export class Told {
  isShown = $state(false);
  readonly #name: string;
  readonly #memory: Memory;

  constructor(name: string, memory: Memory) {
    this.#name = name;
    this.#memory = memory;
  }

  /** The time has come; nothing the second time, also after a reload. */
  begin(): void {
    if (this.#memory.getItem(this.#name) !== null) return;
    this.#memory.setItem(this.#name, '1');
    this.isShown = true;
  }

  /** It was read. */
  end(): void {
    this.isShown = false;
  }
}
