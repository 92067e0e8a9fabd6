/** The device's clock held against the city's, so that what is written carries a time that the city takes. */
import { isRecord, parseJson } from '#shared/json.ts';
import { DAY, MINUTE } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';

/** Less than this (seconds) is no difference: relays allow more, and the `Date` header has whole seconds. */
export const NOTICED = MINUTE;
/**
 * A city is followed this far (seconds) and no farther. A device's clock is off by an hour (time zone), or by a day or two (a date set by
 * hand); a city that says more is either wrong or lies, and a signature with a date of its choosing could be used against its author: a
 * list dated a year ahead could not be replaced for a year. Then the person is told instead.
 */
export const BELIEVED = 3 * DAY;
/** What was learnt this long ago (seconds) is not believed at an offline start. */
const KEPT_FOR = 7 * DAY;
/** Answers that were this long under way (ms) say nothing about the time. */
const SLOW = 20_000;
const KEPT = 'city-clock';

/** Seconds to be added to the device's clock; 0 for a difference that does not count. */
export interface ClockOffset {
  readonly seconds: number;
  /** False: so far off that the device's clock is kept. */
  readonly isFollowed: boolean;
}

/** Text under names, for this origin: `localStorage`. May throw. */
interface Memory {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

const none: ClockOffset = { seconds: 0, isFollowed: true };

/** A difference as it counts. */
export const judgeOffset = (seconds: number): ClockOffset =>
  Math.abs(seconds) <= NOTICED ? none : { seconds, isFollowed: Math.abs(seconds) <= BELIEVED };

/** Reads what was kept; nothing where it is malformed, too old, or the device's clock was set back since. */
const remembered = (text: string | null, now: number): ClockOffset => {
  const json = parseJson(text ?? '');
  if (!json.ok || !isRecord(json.value)) return none;
  const { seconds, at } = json.value;
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(at)) return none;
  const age = now - (at as number);
  return age < -MINUTE || age > KEPT_FOR ? none : judgeOffset(seconds as number);
};

export class CityClock implements Clock {
  readonly #device: () => number;
  readonly #memory: Memory;
  #offset: ClockOffset;
  #heard = -Infinity;
  #changed: (offset: ClockOffset) => void = () => undefined;

  /** `device`: the device's own clock, ms since 1970. */
  constructor(memory: Memory, device: () => number = Date.now) {
    this.#device = device;
    this.#memory = memory;
    this.#offset = remembered(this.#read(), this.#deviceSeconds());
  }

  /** The city's time, Unix seconds; the device's own where the city is not followed. */
  now(): number {
    return this.#deviceSeconds() + (this.#offset.isFollowed ? this.#offset.seconds : 0);
  }

  get offset(): ClockOffset {
    return this.#offset;
  }

  /** Milliseconds since the city last said what time it is. */
  get silence(): number {
    return this.#device() - this.#heard;
  }

  /** The device's clock, ms: for noting when a question was asked. */
  read(): number {
    return this.#device();
  }

  /** The city's `Date` header, and when (device, ms) the question was asked. Anything that is no date is ignored. */
  hear(date: string | null, asked: number): void {
    const answered = this.#device();
    const said = Date.parse(date ?? '');
    if (!Number.isFinite(said) || answered < asked || answered - asked > SLOW) return;
    this.#heard = answered;
    // The header is cut to whole seconds: half a second is missing on average.
    const before = this.#offset;
    this.#offset = judgeOffset(Math.round((said + 500 - (asked + answered) / 2) / 1000));
    this.#keep();
    if (
      before.isFollowed !== this.#offset.isFollowed ||
      Math.abs(before.seconds - this.#offset.seconds) > NOTICED
    )
      this.#changed(this.#offset);
  }

  /** Calls back with the difference, now and whenever it becomes another. One listener. */
  follow(changed: (offset: ClockOffset) => void): void {
    this.#changed = changed;
    changed(this.#offset);
  }

  #deviceSeconds(): number {
    return Math.floor(this.#device() / 1000);
  }

  #read(): string | null {
    try {
      return this.#memory.getItem(KEPT);
    } catch {
      return null;
    }
  }

  /** Storage that refuses costs only the next offline start. */
  #keep(): void {
    const { seconds } = this.#offset;
    try {
      if (seconds === 0) this.#memory.removeItem(KEPT);
      else this.#memory.setItem(KEPT, JSON.stringify({ seconds, at: this.#deviceSeconds() }));
    } catch {
      return;
    }
  }
}
