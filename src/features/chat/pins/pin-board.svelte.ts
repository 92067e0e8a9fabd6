/** The pinned lines of one conversation, kept fresh, and the hand that pins. */
import type { City } from '#client/city/city.ts';
import type { Draft } from '#protocol/event.ts';
import { makePins, PINS_MAX } from '#protocol/lines/pins.ts';
import { isVisible } from '../timeline/timeline.ts';
import { lines } from '../rows/tables.ts';
import type { LineRow } from '../rows/tables.ts';
import { pins } from './pin-rows.ts';

/** Publishes it; what went wrong was said. */
type Act = (draft: Draft) => Promise<unknown>;

export class PinBoard {
  /** Those that can be seen, in the order of the list: the newest first. */
  shown = $state.raw<readonly LineRow[]>([]);
  #ids = $state.raw<readonly string[]>([]);
  readonly #city: City;
  readonly #group: string;
  readonly #act: Act;
  readonly #end: () => void;
  /** Asked for once: a line that nobody has is not asked for again. */
  #asked = '';

  constructor(city: City, group: string, act: Act) {
    this.#city = city;
    this.#group = group;
    this.#act = act;
    const watched = [{ table: pins.name }, { table: lines.name, part: group }];
    this.#end = city.watch(watched, () => void this.#read());
    void this.#read();
  }

  stop(): void {
    this.#end();
  }

  has(line: string): boolean {
    return this.#ids.includes(line);
  }

  /** No more can be pinned. */
  get isFull(): boolean {
    return this.#ids.length >= PINS_MAX;
  }

  /** Pins a line in front of the others, or takes it from them. */
  async toggle(line: string): Promise<void> {
    const others = this.#ids.filter((id) => id !== line);
    await this.#act(makePins(this.#group, this.has(line) ? others : [line, ...others]));
  }

  async #read(): Promise<void> {
    this.#ids = (await this.#city.get(pins, this.#group))?.lines ?? [];
    const found = await this.#city.getMany(lines, this.#ids);
    this.shown = found.filter((line) => line?.group === this.#group).filter(canBeSeen);
    await this.#fetch(this.#ids.filter((_, at) => !found[at]));
  }

  async #fetch(missing: readonly string[]): Promise<void> {
    const names = missing.join();
    if (names === '' || names === this.#asked) return;
    this.#asked = names;
    await this.#city.fetch({ filters: [{ ids: [...missing] }] });
  }
}

const canBeSeen = (line: LineRow | undefined): line is LineRow =>
  line !== undefined && isVisible(line) && line.deletedBy === undefined;
