/** An expected outcome as a value: success carries `value`, failure carries `error`. */
export type Result<T, E = Failure> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** An expected failure: a stable code for programs, a sentence for people, what caused it. */
export interface Failure<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly cause?: unknown;
}

/** A successful result. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** A failed result carrying any error value. */
export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });

/** A failed result from a code and a sentence. */
export const fail = <Code extends string>(
  code: Code,
  message: string,
  cause?: unknown,
): { readonly ok: false; readonly error: Failure<Code> } =>
  err(cause === undefined ? { code, message } : { code, message, cause });
