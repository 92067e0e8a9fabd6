/** People at a relay's door, each from an address of their own: what they send, and how long they wait. */
import { WebSocket } from 'ws';
import type { NostrEvent } from '../../../src/protocol/event.ts';
import { percentile } from '../rows.ts';

/** A socket that hears frames by how they begin. */
export class Guest {
  readonly socket: WebSocket;
  hear: (frame: string) => void = () => undefined;
  lost: (cause: Error) => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.hear(String(data)));
    socket.on('error', () => undefined);
    socket.on('close', () => this.lost(new Error('the relay hung up')));
  }

  static come(url: string, number: number): Promise<Guest> {
    const address = `10.${(number >> 14) & 63}.${(number >> 7) & 127}.${1 + (number & 127)}`;
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, {
        perMessageDeflate: false,
        headers: { 'x-forwarded-for': address },
      });
      const guest = new Guest(socket);
      socket.once('open', () => resolve(guest));
      socket.once('error', reject);
    });
  }

  /** Settles with the frames up to the first one that begins so. */
  ask(frame: string, end: string): Promise<number> {
    return new Promise((resolve) => {
      let frames = 0;
      this.hear = (heard) => {
        if (heard.startsWith(end)) resolve(frames);
        else if (heard.startsWith('["EVENT"')) frames += 1;
        else if (heard.startsWith('["CLOSED"')) throw new Error(heard);
      };
      this.socket.send(frame);
    });
  }

  leave(): void {
    this.lost = () => undefined;
    this.socket.terminate();
  }
}

/** So many guests, a hundred at a time. */
export const gather = async (url: string, count: number, first = 0): Promise<Guest[]> => {
  const guests: Guest[] = [];
  while (guests.length < count) {
    const some = Math.min(100, count - guests.length);
    const from = first + guests.length;
    guests.push(...(await Promise.all(Array.from({ length: some }, (_, n) => Guest.come(url, from + n)))));
  }
  return guests;
};

/** Everybody sends all lines at once; events a second until the last `OK`. Throws when one is refused. */
export const publishAll = async (
  guests: readonly Guest[],
  lines: readonly (readonly NostrEvent[])[],
): Promise<number> => {
  const since = performance.now();
  await Promise.all(
    guests.map(
      (guest, n) =>
        new Promise<void>((resolve, reject) => {
          const mine = lines[n] ?? [];
          let left = mine.length;
          guest.lost = reject;
          guest.hear = (frame) => {
            if (!frame.startsWith('["OK"')) return;
            if (!frame.includes(',true,')) reject(new Error(frame));
            if (--left === 0) resolve();
          };
          for (const line of mine) guest.socket.send(JSON.stringify(['EVENT', line]));
        }),
    ),
  );
  return lines.flat().length / ((performance.now() - since) / 1000);
};

export interface Answers {
  readonly p50: number;
  readonly p95: number;
  readonly perSecond: number;
}

/** The same number of rows asked again and again: one after the other for how long, all guests at once for how many. */
export const askAll = async (
  guests: readonly Guest[],
  filterOf: (n: number) => object,
  rows: number,
): Promise<Answers> => {
  const ask = async (guest: Guest, n: number): Promise<number> => {
    const since = performance.now();
    const found = await guest.ask(JSON.stringify(['REQ', `q${n % 4}`, filterOf(n)]), '["EOSE"');
    if (found !== rows) throw new Error(`${found} rows came, not ${rows}`);
    return performance.now() - since;
  };
  const each = 20;
  const waits: number[] = [];
  for (let n = 0; n < each * guests.length; n++) {
    const guest = guests[n % guests.length];
    if (guest) waits.push(await ask(guest, n));
  }
  const since = performance.now();
  await Promise.all(
    guests.map(async (guest, number) => {
      for (let n = 0; n < each; n++) await ask(guest, number * each + n);
    }),
  );
  const perSecond = (each * guests.length) / ((performance.now() - since) / 1000);
  return { p50: percentile(waits.slice(20), 0.5), p95: percentile(waits.slice(20), 0.95), perSecond };
};

export interface FanOut {
  readonly p50: number;
  readonly perSecond: number;
}

/** One says something, everybody hears it: milliseconds until half of all have, and deliveries a second when much is said. */
export const fanOut = async (
  guests: readonly Guest[],
  speaker: Guest,
  lines: readonly NostrEvent[],
): Promise<FanOut> => {
  await Promise.all(
    guests.map((guest) => guest.ask('["REQ","live",{"kinds":[1],"#t":["fan"],"limit":1}]', '["EOSE"')),
  );
  const waits: number[] = [];
  const say = (some: readonly NostrEvent[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const since = performance.now();
      speaker.lost = reject;
      let left = guests.length * some.length;
      for (const guest of guests)
        guest.hear = (frame) => {
          if (!frame.startsWith('["EVENT","live"')) return;
          if (some.length === 1) waits.push(performance.now() - since);
          if (--left === 0) resolve();
        };
      for (const line of some) speaker.socket.send(JSON.stringify(['EVENT', line]));
    });
  const half = Math.floor(lines.length / 2);
  for (const line of lines.slice(0, half)) await say([line]);
  const since = performance.now();
  await say(lines.slice(half));
  const perSecond = ((lines.length - half) * guests.length) / ((performance.now() - since) / 1000);
  return { p50: percentile(waits, 0.5), perSecond };
};

const BURST = 100;
const BURSTS_EVERY_MS = 10;

/** One address sends frames as fast as it can, and comes again as often as it is let go, until it is told to stop. Frames sent. */
export const flood = async (
  url: string,
  number: number,
  frames: readonly string[],
  isOver: () => boolean,
): Promise<number> => {
  let sent = 0;
  while (!isOver()) {
    const guest = await Guest.come(url, number).catch(() => undefined);
    while (guest?.socket.readyState === WebSocket.OPEN && !isOver()) {
      for (let n = 0; n < BURST; n++) guest.socket.send(frames[sent++ % frames.length] ?? '');
      await new Promise((resolve) => setTimeout(resolve, BURSTS_EVERY_MS));
    }
    guest?.leave();
    if (!guest) await new Promise((resolve) => setTimeout(resolve, BURSTS_EVERY_MS));
  }
  return sent;
};

/** Milliseconds from sending each line to its `OK`, one after the other. */
export const waitsOf = async (guest: Guest, lines: readonly NostrEvent[]): Promise<number[]> => {
  const waits: number[] = [];
  for (const line of lines) {
    const since = performance.now();
    await guest.ask(JSON.stringify(['EVENT', line]), '["OK"');
    waits.push(performance.now() - since);
  }
  return waits;
};
