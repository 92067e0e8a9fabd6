/** Tells the person, once, that this device's clock and the city's disagree; keeps asking the city while the page is open. */
import type { CityClock, ClockOffset } from '#client/device/city-clock.ts';
import { m } from '#messages/paraglide/messages.js';
import { getLocale } from '#messages/paraglide/runtime.js';
import { DAY, HOUR, MINUTE } from '#shared/time.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';

const TOLD = 'city-clock-told';
/** Milliseconds after which the city is asked again, when the person comes back or the network does. */
const ASK_AFTER = 10 * MINUTE * 1000;
const STAY = 15_000;

const unitWords = (count: number, unit: 'day' | 'hour' | 'minute'): string =>
  new Intl.NumberFormat(getLocale(), { style: 'unit', unit, unitDisplay: 'long' }).format(count);

/** A span in its largest unit: "1 day", "3 hours". Seconds. */
export const spanWords = (seconds: number): string => {
  if (seconds >= 0.95 * DAY) return unitWords(Math.round(seconds / DAY), 'day');
  if (seconds >= 0.95 * HOUR) return unitWords(Math.round(seconds / HOUR), 'hour');
  return unitWords(Math.max(1, Math.round(seconds / MINUTE)), 'minute');
};

/** What is to be said about a difference; nothing where there is none. */
export const clockWords = ({ seconds, isFollowed }: ClockOffset): string | undefined => {
  if (seconds === 0) return undefined;
  const span = spanWords(Math.abs(seconds));
  const isAhead = seconds < 0;
  if (!isFollowed) return isAhead ? m.shell_clock_far_ahead({ span }) : m.shell_clock_far_behind({ span });
  return isAhead ? m.shell_clock_ahead({ span }) : m.shell_clock_behind({ span });
};

/** Says each difference once, also over reloads. */
export const tellClock = (
  clock: Pick<CityClock, 'follow'>,
  toasts: { show(wish: ToastWish): unknown },
  memory: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
): void =>
  clock.follow((offset) => {
    const text = clockWords(offset);
    if (text === undefined) return memory.removeItem(TOLD);
    if (memory.getItem(TOLD) === text) return;
    memory.setItem(TOLD, text);
    toasts.show({ text, tone: 'warn', timeout: STAY });
  });

interface Window {
  addEventListener(name: 'online' | 'visibilitychange', heard: () => void): void;
}

/** Asks the city again when the network or the person comes back, at most every ten minutes. */
export const keepTime = (
  clock: Pick<CityClock, 'silence'>,
  ask: () => Promise<unknown>,
  { page, tab, isSeen }: { page: Window; tab: Window; isSeen: () => boolean },
): void => {
  const look = (): void => {
    if (isSeen() && clock.silence > ASK_AFTER) void ask();
  };
  page.addEventListener('visibilitychange', look);
  tab.addEventListener('online', look);
};
