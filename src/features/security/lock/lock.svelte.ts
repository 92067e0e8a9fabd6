/** The lock screen's work: tries, waits, and hears when another tab was unlocked. */
import type { Unlocker } from '#client/profiles/keeping.ts';
import type { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import type { ProfileFacts, ProfileSummary } from '#client/profiles/profile-facts.ts';
import type { ProfileKeys } from '#client/store/profiles/profile-keys.ts';
import { m } from '#messages/paraglide/messages.js';
import { problemWords } from '../words.ts';

const TICK = 250;

export class LockController {
  facts = $state.raw<ProfileFacts>() as ProfileFacts;
  profiles = $state.raw<readonly ProfileSummary[]>([]);
  /** Which way is being tried. */
  busy = $state.raw<Unlocker['kind'] | 'erase' | undefined>();
  problem = $state.raw<string | undefined>();
  /** Milliseconds until the next passphrase may be tried. */
  wait = $state(0);
  readonly #keeper: ProfileKeeper;
  readonly #onopen: (keys: ProfileKeys) => unknown;
  readonly #stops: (() => void)[];

  constructor(keeper: ProfileKeeper, onopen: (keys: ProfileKeys) => unknown) {
    this.#keeper = keeper;
    this.#onopen = onopen;
    this.#read();
    const timer = setInterval(() => (this.wait = keeper.wait), TICK);
    this.#stops = [
      keeper.onchange(() => this.#read()),
      keeper.onopen(() => void this.#follow()),
      () => clearInterval(timer),
    ];
  }

  get current(): ProfileSummary | undefined {
    return this.profiles.find(({ isCurrent }) => isCurrent);
  }

  get canUsePasskey(): boolean {
    return this.facts.passkeys.length > 0 && this.#keeper.canUsePasskeys;
  }

  /** Tries a passphrase; true when it is open now. */
  tryPassphrase(passphrase: string): Promise<boolean> {
    return this.#try({ kind: 'passphrase', passphrase });
  }

  /** Asks for a passkey; true when it is open now. */
  tryPasskey(): Promise<boolean> {
    return this.#try({ kind: 'passkey' });
  }

  /** Erases the profile; the page begins anew by itself. */
  async erase(): Promise<void> {
    this.busy = 'erase';
    await this.#keeper.erase();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  async #try(unlocker: Unlocker): Promise<boolean> {
    if (this.busy) return false;
    this.busy = unlocker.kind;
    this.problem = undefined;
    try {
      const opened = await this.#keeper.unlock(unlocker);
      if (opened.ok) await this.#onopen(opened.value);
      else if (opened.error.code === 'wrong' && unlocker.kind === 'passkey')
        this.problem = m.security_error_wrong_passkey();
      // Waiting has its own words, with a countdown.
      else if (opened.error.code !== 'wait') this.problem = problemWords(opened.error);
      return opened.ok;
    } finally {
      this.busy = undefined;
      this.wait = this.#keeper.wait;
    }
  }

  async #follow(): Promise<void> {
    if (this.busy) return;
    const keys = await this.#keeper.openAtOnce();
    if (keys) await this.#onopen(keys);
  }

  #read(): void {
    this.facts = this.#keeper.facts;
    this.profiles = this.#keeper.profiles;
    this.wait = this.#keeper.wait;
  }
}
