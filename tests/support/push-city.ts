/** Cities that wake quickly, and what the stories about them say again and again. */
import { expect, vi } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import type { PushWant } from '#protocol/push.ts';
import type { City } from '#server/city.ts';
import type { Person } from './client.ts';
import { pushKeyOf, putPush } from './push-api.ts';
import type { PushDevice, PushService } from './push-service.ts';
import { startTestCity } from './server.ts';
import type { TestCityOptions } from './server.ts';

/** Between two wakes of one device here, milliseconds. */
export const GAP = 300;
/** A second becomes a tenth of one. */
export const PACE = {
  gap: GAP,
  spread: 1,
  spreadMost: 200,
  atOnce: 8,
  retry: 100,
  retryMost: 1000,
  attempts: 3,
};
const ENDLESS = { perSecond: 1e6, burst: 1e6 };
/** No limits on how often a key may ask. */
export const UNHURRIED_DOOR = { byAddress: ENDLESS, byKey: ENDLESS, tests: ENDLESS };

/** Starts a city that also wakes devices on this machine. */
export const startCityWithPush = (options: TestCityOptions = {}): Promise<City> =>
  startTestCity({
    ...options,
    environment: { PUSH_LOCAL: '1', ...options.environment },
    push: { pace: PACE, rates: UNHURRIED_DOOR, ...options.push },
  });

export const TAG = 'ab'.repeat(16);

/** Wants the lines of a place. */
export const linesOf = (place: string, more: Partial<PushWant> = {}): PushWant => ({
  filter: { kinds: [kinds.NOTE], '#h': [place] },
  ...more,
});

/** Long enough for a wake that should not come, and for the one after it. */
export const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, GAP * 2.5));

/** A device of somebody's that is to be woken. */
export const subscribe = async (
  service: PushService,
  city: City,
  person: Person,
  wants: readonly PushWant[],
  tag = TAG,
): Promise<PushDevice> => {
  const device = service.subscribe(await pushKeyOf(city));
  expect(await putPush(city, person, { device, tag, wants })).toEqual({ status: 204 });
  return device;
};

/** Settles when the device was woken so many times, each time rightly. */
export const woken = (device: PushDevice, times = 1): Promise<void> =>
  vi.waitFor(() => expect([device.flaws, device.received.length]).toEqual([[], times]), { timeout: 5000 });
