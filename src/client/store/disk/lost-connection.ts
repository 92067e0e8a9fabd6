import { Dexie } from 'dexie';

/** Safari drops connections ("Connection to Indexed Database server lost"); only a new one helps, never the same one again. */
export const isLostConnection = (cause: unknown): boolean =>
  cause instanceof Error &&
  (cause.name === Dexie.errnames.DatabaseClosed || /server lost|connection is closing/i.test(cause.message));
