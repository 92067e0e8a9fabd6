/** The work behind a new place, in words, with what a person can do about it. */
export interface PlaceWork {
  readonly rate: string;
  readonly expected: string;
  readonly odds: string;
  /** `held`: it waits for the charger; `waiting`: done, and waits for the account; `failed`: it needs a hand. */
  readonly state: 'mining' | 'paused' | 'held' | 'waiting' | 'failed';
  /** Why it stands still, where it does. */
  readonly why?: string | undefined;
  readonly onpause: () => void;
  readonly onresume: () => void;
  readonly onstop: () => void;
}
