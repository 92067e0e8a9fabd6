/** A row of the Messages screen: `app` puts the place and its conversation together. */
export interface MyPlaceRow {
  readonly id: string;
  readonly name: string;
  /** The last line, for one line; absent while nothing was said. */
  readonly last?: string | undefined;
  readonly unread?: number | undefined;
  /** It tells nothing on this device while the person is away. */
  readonly quiet?: boolean | undefined;
  /** Unix seconds of the last line. */
  readonly at?: number | undefined;
}
