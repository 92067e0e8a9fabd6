/** The way from a blank page to an open city: which profile, its lock, its engine. */
import type { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import type { ProfileKeys } from '#client/store/profiles/profile-keys.ts';
import type { BootFailure, Ground } from './boot.ts';
import type { Services } from './services.ts';

type Given = Omit<Ground, 'onprogress' | 'onsuperseded'>;

export class Opening {
  /** The city is open. */
  services = $state.raw<Services | undefined>();
  /** It could not be opened, or a newer version of the app has taken it over. */
  trouble = $state.raw<BootFailure | undefined>();
  /** The profile asks for something before it opens. */
  locked = $state.raw<ProfileKeeper | undefined>();
  /** 0–1 while what the device keeps is brought up to date. */
  progress = $state.raw<number | undefined>();
  readonly #ground: Given;

  constructor(ground: Given) {
    this.#ground = ground;
  }

  /** Opens the profile where nobody has to be asked; else `locked` says whom to ask. May be called again after trouble. */
  async start(): Promise<void> {
    this.trouble = undefined;
    const { openKeeper } = await import('./profile/arriving.ts');
    const keeper = await openKeeper();
    if (!keeper.ok) return void (this.trouble = keeper.error);
    const keys = await keeper.value.openAtOnce();
    if (keys) await this.#enter(keeper.value, keys);
    else this.locked = keeper.value;
  }

  /** The person has unlocked the profile. */
  readonly unlocked = async (keys: ProfileKeys): Promise<void> => {
    const keeper = this.locked;
    this.locked = undefined;
    if (keeper) await this.#enter(keeper, keys);
  };

  async #enter(keeper: ProfileKeeper, keys: ProfileKeys): Promise<void> {
    const { boot } = await import('./boot.ts');
    const opened = await boot(
      {
        ...this.#ground,
        onprogress: (done, total) => (this.progress = done / Math.max(total, 1)),
        onsuperseded: () => {
          this.services = undefined;
          this.trouble = { code: 'superseded', message: 'a newer version of the app is open in another tab' };
        },
      },
      keeper,
      keys,
    );
    this.progress = undefined;
    if (opened.ok) this.services = opened.value;
    else this.trouble = opened.error;
  }
}
