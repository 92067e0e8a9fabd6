/** How fast this device works, for the settings to say. */
export interface WorkPace {
  /** Tries a second. */
  readonly rate: number;
  /** Mean seconds for a new place and for a saved name. */
  readonly place: number;
  readonly name: number;
}
