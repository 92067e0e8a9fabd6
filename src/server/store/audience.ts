/** Who is asking: what the relay lets a connection see, as values that SQL and live delivery both understand. */
export interface Audience {
  /** Keys proven by AUTH. */
  readonly keys: readonly string[];
  /** Places whose talk is not for these keys. */
  readonly closedPlaces: readonly string[];
  /** Places whose very description is not for these keys. */
  readonly hiddenPlaces: readonly string[];
  /** Places where one of the keys is an admin: their invitations and requests may be read. */
  readonly administered: readonly string[];
  /** Places where one of the keys is a moderator and none an admin: requests without a code may be read. */
  readonly moderated: readonly string[];
  /** Deleted places: only their end (9008) is left to read. */
  readonly deletedPlaces: readonly string[];
}
