/** How long a city keeps what it does not keep for good, in days. */
export interface RetentionRules {
  /** Gift wraps (NIP-59), by their own time. */
  readonly letters: number;
  /** What somebody else than its author took away. */
  readonly removed: number;
}

export const RETENTION_DEFAULTS: RetentionRules = { letters: 30, removed: 30 };
