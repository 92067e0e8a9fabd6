/** What preparing answers. */
import type { PreparedFile } from '#client/media/media.ts';
import type { Failure } from '#shared/result.ts';

/** For everybody to read, or sealed for certain people: then anything may leave. */
export type Audience = 'open' | 'sealed';

/**
 * What a person may want to know of it. `cleaned`: something that told where, when or with what it was made was taken off;
 * `as-it-is`: nothing could be taken off safely; `pdf`: a PDF keeps what it says of its author.
 */
export type Note = 'cleaned' | 'as-it-is' | 'pdf';

export interface Prepared {
  readonly file: PreparedFile;
  readonly note?: Note | undefined;
}

/**
 * `too-big`: bytes; `too-many-pixels`; `type`: such a file may only leave sealed; `svg`: a drawing that could run something;
 * `broken`: it cannot be read to its end; `empty`; `stopped`: by the person.
 */
export type PrepareFailure = Failure<
  'too-big' | 'too-many-pixels' | 'type' | 'svg' | 'broken' | 'empty' | 'stopped'
>;

export interface PrepareOptions {
  readonly audience: Audience;
  readonly signal: AbortSignal;
  /** 0…1. */
  readonly onprogress: (part: number) => void;
}
