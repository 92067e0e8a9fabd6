/**
 * What the server tells its operator: a sentence and a few facts. Never what people wrote, no keys, no addresses: whoever
 * tells something hands over only what is listed here, and every text is hushed once more on its way.
 */

/** How much is told; each level tells what those after it do. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Facts = Readonly<Record<string, string | number | boolean>>;

/** Handed down from whoever starts the server; there is no global one. */
export interface Log {
  debug(sentence: string, facts?: Facts): void;
  info(sentence: string, facts?: Facts): void;
  warn(sentence: string, facts?: Facts): void;
  error(sentence: string, facts?: Facts): void;
}

const nothing = (): void => undefined;

/** Tells nobody anything. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const MAX_TEXT = 300;

/** Replaces whatever may be a key, an id, a signature, an account's name in bech32, or a password in an address. */
export const hush = (text: string): string =>
  text
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s/@]*@/gi, (head) => `${head.slice(0, head.indexOf('//'))}//…@`)
    .replace(/\b(?:nsec|npub|ncryptsec|nprofile|nevent|note|naddr)1[a-z0-9]+/gi, '…')
    .replace(/[0-9a-f]{32,}/gi, '…')
    .replace(/[A-Za-z0-9+/_=-]{80,}/g, '…')
    .slice(0, MAX_TEXT);

/** PostgreSQL's codes whose messages name tables and settings; those of all others may quote what was written. */
const namesOnly = /^(08|25|28|3[DF]|40|42|53|55|57|58|XX)[0-9A-Z]{3}$/;
const fromDatabase = /^[0-9A-DF-Z][0-9A-Z]{4}$/;
const fromSystem = /^E[A-Z]{3,}$/;
const QUOTED = /(["'`“‘]).*["'`”’]/gs;

/** What may be told of a cause: its code, and of its message what cannot be anybody's words. */
export const causeOf = (cause: unknown): Facts => {
  if (!(cause instanceof Error)) return { cause: typeof cause };
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  if (code === undefined) return { cause: hush(cause.message.replace(QUOTED, '…')) };
  if (namesOnly.test(code) || fromSystem.test(code)) return { cause: hush(cause.message), code };
  return fromDatabase.test(code) ? { code } : { cause: hush(cause.message.replace(QUOTED, '…')), code };
};

/** Where in the code an error arose, without its words. */
export const tracesOf = (cause: unknown): Facts => {
  const lines = cause instanceof Error ? (cause.stack ?? '').split('\n') : [];
  const frames = lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
  return { at: frames.slice(0, 8).join(' < ') };
};
