/** What the city answers when it signs an address: a path of its own, and nothing that leads elsewhere; undefined for all else. */
export const ownPath = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;
