/**
 * Where the page finds somebody's picture: the city's own files at their address, everybody else's through the city, which signs each
 * address before it fetches it. No request of the page goes to any other host, and what a frame asks for is one question.
 */
import { SvelteMap } from 'svelte/reactivity';
import { isRecord } from '#shared/json.ts';
import { HOUR, systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { hashInUrl } from '#protocol/media/blossom.ts';
import { ownPath } from './own-path.ts';

/** Widths in pixels that the city makes. */
export type PictureWidth = 160 | 320 | 640 | 1280;

export interface PicturePorts {
  /** The page's own. */
  readonly origin: string;
  readonly ask: typeof fetch;
  readonly clock?: Clock;
  /** Milliseconds in which wishes gather. */
  readonly gather?: number;
}

interface Wish {
  readonly url: string;
  readonly width: PictureWidth;
}
interface Signed {
  /** Undefined: the city will not fetch it. */
  readonly address: string | undefined;
  /** Unix seconds. */
  readonly until: number;
}

const SIGN = '/api/media/sign';
const GATHER_MS = 16;
const BATCH = 200;
const KEPT = 5000;
const MOST_LENGTH = 2048;
/** A silent city is asked again after so many seconds. */
const AGAIN = 30;
/** No address is used in its last hour. */
const MARGIN = HOUR;

const keyOf = ({ url, width }: Wish): string => `${width} ${url}`;

const untilOf = (address: string, now: number): number => {
  const exp = Number(new URLSearchParams(address.split('?')[1] ?? '').get('exp') ?? NaN);
  return (Number.isFinite(exp) ? exp : now) - MARGIN;
};

export class ProxiedPictures {
  readonly #ports: Required<PicturePorts>;
  readonly #signed = new SvelteMap<string, Signed>();
  readonly #wanted = new Map<string, Wish>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: PicturePorts) {
    this.#ports = { clock: systemClock, gather: GATHER_MS, ...ports };
  }

  /** The address to show; undefined until the city has signed it, or where it never will. Safe while drawing. */
  of(url: string | undefined, width: PictureWidth = 160): string | undefined {
    if (url === undefined || url.length > MOST_LENGTH || !URL.canParse(url)) return undefined;
    const { origin, protocol, pathname, href } = new URL(url);
    if (origin === this.#ports.origin)
      return hashInUrl(url) === undefined ? href : `${origin}${pathname}?w=${width}`;
    if (protocol !== 'https:' && protocol !== 'http:') return undefined;
    const wish = { url, width };
    const known = this.#signed.get(keyOf(wish));
    if (known && known.until > this.#ports.clock.now()) return known.address;
    this.#want(wish);
    return undefined;
  }

  #want(wish: Wish): void {
    this.#wanted.set(keyOf(wish), wish);
    this.#timer ??= setTimeout(() => void this.#flush(), this.#ports.gather);
  }

  async #flush(): Promise<void> {
    const wishes = [...this.#wanted.values()];
    for (let start = 0; start < wishes.length; start += BATCH) {
      const batch = wishes.slice(start, start + BATCH);
      this.#keep(batch, await this.#sign(batch));
    }
    for (const wish of wishes) this.#wanted.delete(keyOf(wish));
    this.#timer =
      this.#wanted.size > 0 ? setTimeout(() => void this.#flush(), this.#ports.gather) : undefined;
  }

  async #sign(wishes: readonly Wish[]): Promise<readonly unknown[] | undefined> {
    try {
      const response = await this.#ports.ask(SIGN, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ items: wishes }),
      });
      const answer: unknown = response.ok ? await response.json() : undefined;
      return isRecord(answer) && Array.isArray(answer['items']) ? (answer['items'] as unknown[]) : undefined;
    } catch {
      return undefined;
    }
  }

  /** In the order asked for; what has no address is not asked for again before the others are. */
  #keep(wishes: readonly Wish[], items: readonly unknown[] | undefined): void {
    const now = this.#ports.clock.now();
    if (this.#signed.size + wishes.length > KEPT) this.#forget(now);
    for (const [at, wish] of wishes.entries()) {
      const item = items?.[at];
      const address = isRecord(item) ? ownPath(item['address']) : undefined;
      const until =
        items === undefined ? now + AGAIN : address === undefined ? now + HOUR : untilOf(address, now);
      this.#signed.set(keyOf(wish), { address, until });
    }
  }

  /** What is over goes; if nothing is, the oldest half. */
  #forget(now: number): void {
    for (const [key, { until }] of this.#signed) if (until <= now) this.#signed.delete(key);
    const keys = this.#signed.size > KEPT / 2 ? [...this.#signed.keys()].slice(0, KEPT / 2) : [];
    for (const key of keys) this.#signed.delete(key);
  }
}
