/** What can be set of a profile's locks, as the settings have it. */
import type { AutoLock } from '#client/store/profiles/profile-record.ts';
import type { ProfileFacts } from '#client/profiles/profile-facts.ts';
import type { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import { m } from '#messages/paraglide/messages.js';
import type { Failure, Result } from '#shared/result.ts';
import { problemWords } from '../words.ts';

/** Where something is under way, or went wrong. */
export type Part = 'opening' | 'passkeys' | 'auto-lock' | 'lock' | 'emergency';

type Outcome = Result<unknown, Failure>;

export class SecurityController {
  facts = $state.raw<ProfileFacts>() as ProfileFacts;
  busy = $state.raw<Part | undefined>();
  problem = $state.raw<{ readonly part: Part; readonly words: string } | undefined>();
  /** What was done, in words. */
  news = $state.raw<{ readonly part: Part; readonly words: string } | undefined>();
  readonly canUsePasskeys: boolean;
  readonly #keeper: ProfileKeeper;
  readonly #onpassphrase: (passphrase: string) => unknown;
  /** Stops listening. */
  readonly stop: () => void;

  /** `onpassphrase` is told of each new passphrase, for what else is sealed under it. */
  constructor(keeper: ProfileKeeper, onpassphrase: (passphrase: string) => unknown = () => undefined) {
    this.#keeper = keeper;
    this.#onpassphrase = onpassphrase;
    this.canUsePasskeys = keeper.canUsePasskeys;
    this.facts = keeper.facts;
    this.stop = keeper.onchange(() => (this.facts = keeper.facts));
  }

  /** The keeper's own answer, for a dialog that stays open while it is a failure. */
  setPassphrase = (passphrase: string): Promise<Outcome> =>
    this.#doing('opening', () => this.#takePassphrase(passphrase));
  /** For the one it has now; wrong ones count as they do on the lock screen. */
  changePassphrase = (current: string, passphrase: string): Promise<Outcome> =>
    this.#doing(
      'opening',
      async () => {
        const known = await this.#keeper.unlock({ kind: 'passphrase', passphrase: current });
        return known.ok ? this.#takePassphrase(passphrase) : known;
      },
      m.security_passphrase_changed(),
    );
  setStaying = (isStaying: boolean): Promise<Outcome> =>
    this.#doing('opening', () => this.#keeper.setStaying(isStaying));
  addPasskey = (): Promise<Outcome> =>
    this.#doing('passkeys', () => this.#keeper.addPasskey(), m.security_passkey_added());
  removePasskey = (id: string): Promise<Outcome> =>
    this.#doing('passkeys', () => this.#keeper.removePasskey(id));
  setAutoLock = (seconds: AutoLock): Promise<Outcome> =>
    this.#doing('auto-lock', () => this.#keeper.setAutoLock(seconds));
  setDuress = (passphrase: string | undefined): Promise<Outcome> =>
    this.#doing(
      'emergency',
      () => this.#keeper.setDuress(passphrase),
      passphrase === undefined ? m.security_duress_removed() : undefined,
    );
  setPanicKey = (on: boolean): Promise<Outcome> =>
    this.#doing('emergency', () => this.#keeper.setPanicKey(on));

  /** The page begins anew by itself. */
  async lockNow(): Promise<void> {
    this.busy = 'lock';
    try {
      await this.#keeper.lock();
    } finally {
      this.busy = undefined;
    }
  }

  problemOf = (part: Part): string | undefined =>
    this.problem?.part === part ? this.problem.words : undefined;
  newsOf = (part: Part): string | undefined => (this.news?.part === part ? this.news.words : undefined);

  async #takePassphrase(passphrase: string): Promise<Outcome> {
    const taken = await this.#keeper.setPassphrase(passphrase);
    if (taken.ok) await this.#onpassphrase(passphrase);
    return taken;
  }

  async #doing(part: Part, work: () => Promise<Outcome>, words?: string): Promise<Outcome> {
    this.busy = part;
    this.problem = undefined;
    this.news = undefined;
    try {
      const done = await work();
      if (!done.ok) this.problem = { part, words: problemWords(done.error) };
      else if (words !== undefined) this.news = { part, words };
      return done;
    } finally {
      this.busy = undefined;
      this.facts = this.#keeper.facts;
    }
  }
}
