/** The pieces a line's text is shown as. `text` is always the piece as it stands in the line. */
export type Token =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'break'; readonly text: '\n' }
  /** `shown` names the true host first; `href` is http or https and carries no name or password. */
  | { readonly type: 'link'; readonly text: string; readonly href: string; readonly shown: string }
  /** NIP-27, a person. */
  | { readonly type: 'mention'; readonly text: string; readonly pubkey: string }
  /** NIP-27, an event: its id, where it has one. */
  | { readonly type: 'event'; readonly text: string; readonly id?: string }
  /** A place of this city. */
  | { readonly type: 'place'; readonly text: string; readonly group: string }
  | { readonly type: 'code'; readonly text: string; readonly code: string }
  | { readonly type: 'block'; readonly text: string; readonly code: string };
