/** What the keeper of profiles needs of the machine. */
import type { Failure, Result } from '#shared/result.ts';
import type { Line } from '../rpc/desk.ts';
import type { ProfileRegister } from '../store/profiles/profile-register.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** `unsupported`: this browser or this key gives no secret; `cancelled`: the person turned away, or was too slow; `failed`: else. */
export type PasskeyFailure = Failure<'unsupported' | 'cancelled' | 'failed'>;

/** What a passkey answered; the secret is the same each time it is asked with the same salt. */
export interface PasskeyAnswer {
  /** Lower-case hex. */
  readonly id: string;
  readonly secret: Bytes;
}

/** Passkeys with the PRF extension (WebAuthn Level 3). */
export interface PasskeyPort {
  isSupported(): boolean;
  /** Makes one; `secret` where the key gives it already now. `name` is what the person's list of passkeys will show. */
  make(options: {
    readonly name: string;
    readonly known: readonly string[];
    readonly salt: Bytes;
  }): Promise<Result<{ readonly id: string; readonly secret?: Bytes }, PasskeyFailure>>;
  /** Asks one of these. */
  ask(ids: readonly string[], salt: Bytes): Promise<Result<PasskeyAnswer, PasskeyFailure>>;
  /** Tells the person's list of passkeys that one is of no use any more, where that can be told. */
  forget(id: string): void;
}

/** Hands on the machine, and its clocks. Listening returns the way to stop. */
export interface Hands {
  /** Pointer, keyboard or touch. */
  ontouch(listener: () => void): () => void;
  /** The page is seen again, or the machine is back from sleep. */
  onreturn(listener: () => void): () => void;
  every(ms: number, listener: () => void): () => void;
  /** Milliseconds since 1970; anybody can set this clock. */
  now(): number;
  /** Milliseconds of a clock that only goes forward; it may stand still while the machine sleeps. */
  steady(): number;
}

export interface KeeperPorts {
  readonly register: ProfileRegister;
  /** To the other tabs of this browser. */
  readonly line: (name: string) => Line;
  readonly locks: { hold(name: string, work: () => Promise<void>): Promise<void> };
  readonly passkeys: PasskeyPort;
  readonly hands: Hands;
  /** Removes a profile's store; resolves when it is gone. */
  readonly destroy: (profile: string) => Promise<void>;
  /** Removes everything that this origin keeps on the device, of the last profile. */
  readonly sweep: () => Promise<void>;
  /** Removes what only this tab keeps. */
  readonly sweepTab: () => void;
  /** Rounds for passphrases; lowered in tests only. */
  readonly iterations?: number;
}
