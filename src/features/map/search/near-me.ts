/** Asks the machine where it is: only when a person pressed the button, once, and coarsely is enough. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

export type NearMeFailure = 'unsupported' | 'refused' | 'unknown' | 'slow';

/** The part of the browser's Geolocation that is used. */
export interface Locator {
  getCurrentPosition(
    found: (position: { coords: { latitude: number; longitude: number } }) => void,
    failed: (error: { code: number }) => void,
    options: { maximumAge: number; timeout: number; enableHighAccuracy: boolean },
  ): void;
}

const codes: Readonly<Record<number, NearMeFailure>> = { 1: 'refused', 2: 'unknown', 3: 'slow' };
const sentences: Readonly<Record<NearMeFailure, string>> = {
  unsupported: 'this device cannot tell where it is',
  refused: 'the browser was not allowed to tell where it is',
  unknown: 'the device could not find out where it is',
  slow: 'finding out where the device is took too long',
};

/** Where the device is, in degrees; fails with what went wrong. Waits at most ten seconds. */
export const findMe = (
  locator: Locator | undefined,
): Promise<Result<{ latitude: number; longitude: number }, Failure<NearMeFailure>>> =>
  new Promise((resolve) => {
    const give = (code: NearMeFailure): void => resolve(fail(code, sentences[code]));
    if (!locator) return give('unsupported');
    locator.getCurrentPosition(
      ({ coords }) => {
        const { latitude, longitude } = coords;
        if (Number.isFinite(latitude) && Number.isFinite(longitude)) resolve(ok({ latitude, longitude }));
        else give('unknown');
      },
      ({ code }) => give(codes[code] ?? 'unknown'),
      { maximumAge: 300_000, timeout: 10_000, enableHighAccuracy: false },
    );
  });
