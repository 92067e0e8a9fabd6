/** What a keeper of profiles is given, answers and tells. */
import type { Failure, Result } from '#shared/result.ts';
import type { SettingFailure } from './lock-settings.ts';
import type { PasskeyFailure } from './ports.ts';

/** `wait`: `cause` is the milliseconds to wait; `erased`: the profile is gone. */
export type UnlockFailure = Failure<'wrong' | 'wait' | 'erased'> | PasskeyFailure;

/** With what a person comes. */
export type Unlocker =
  { readonly kind: 'passphrase'; readonly passphrase: string } | { readonly kind: 'passkey' };

/** `locked`: the profile is not open. */
export type Changed<E extends Failure = SettingFailure> = Promise<Result<true, E | Failure<'locked'>>>;

export interface Heard extends Record<string, unknown> {
  readonly lock: 'locked' | 'erased';
  readonly closing: undefined;
  readonly open: undefined;
  readonly change: undefined;
}
