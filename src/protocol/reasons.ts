/** NIP-01's machine-readable prefixes of `OK` and `CLOSED`: one table for relay, client and HTTP. */

export const REASON_CODES = [
  'duplicate',
  'pow',
  'blocked',
  'rate-limited',
  'invalid',
  'restricted',
  'mute',
  'auth-required',
  'unsupported',
  'error',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** A relay's refusal: its NIP-01 prefix and a sentence. */
export interface Reason {
  readonly code: ReasonCode;
  readonly message: string;
}

/** `code: sentence`, as it travels. */
export const formatReason = (reason: Reason): string => `${reason.code}: ${reason.message}`;

/** Reads a relay's words; anything without a known prefix becomes `error` with the whole text kept. */
export const parseReason = (text: string): Reason => {
  const colon = text.indexOf(':');
  const prefix = text.slice(0, colon);
  const code = REASON_CODES.find((known) => known === prefix);
  return code ? { code, message: text.slice(colon + 1).trim() } : { code: 'error', message: text.trim() };
};

/** The HTTP status that says the same. */
export const httpStatusOf: Readonly<Record<ReasonCode, number>> = {
  duplicate: 200,
  pow: 402,
  blocked: 403,
  'rate-limited': 429,
  invalid: 400,
  restricted: 403,
  mute: 403,
  'auth-required': 401,
  unsupported: 415,
  error: 500,
};
