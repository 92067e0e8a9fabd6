/** The profiles of this browser as a screen has them. */
import type { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import type { ProfileSummary } from '#client/profiles/profile-facts.ts';

export class ProfileList {
  profiles = $state.raw<readonly ProfileSummary[]>([]);
  busy = $state(false);
  readonly #keeper: ProfileKeeper;
  readonly #onswitch: () => void;
  /** Stops listening. */
  readonly stop: () => void;

  constructor(keeper: ProfileKeeper, onswitch: () => void) {
    this.#keeper = keeper;
    this.#onswitch = onswitch;
    this.profiles = keeper.profiles;
    this.stop = keeper.onchange(() => (this.profiles = keeper.profiles));
  }

  /** Goes to another profile; nothing happens for the one that is open, or gone. */
  async choose(id: string): Promise<void> {
    if (this.profiles.some((profile) => profile.id === id && profile.isCurrent)) return;
    await this.#leave(() => this.#keeper.choose(id));
  }

  /** Goes to a new one. */
  async add(): Promise<void> {
    await this.#leave(async () => {
      await this.#keeper.add();
      return true;
    });
  }

  async #leave(work: () => Promise<boolean>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      if (await work()) this.#onswitch();
    } finally {
      this.busy = false;
    }
  }
}
