/** What the city's answer means for a file on its way. */
import { isRecord, parseJson } from '#shared/json.ts';
import { displayLine } from '#shared/text.ts';

export type Outcome =
  | { readonly outcome: 'stored' }
  /** Trouble that passes by itself; `wait`: milliseconds that the city asked for. */
  | { readonly outcome: 'later'; readonly wait?: number }
  /** The signature holds no longer: somebody has to sign anew. */
  | { readonly outcome: 'unsigned' }
  /** The city does not know the upload (any more). */
  | { readonly outcome: 'gone' }
  /** The city said no: it waits for the person's hand. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Paused or given up by the person. */
  | { readonly outcome: 'stopped' };

/** The part of an answer that counts. */
export interface Answered {
  readonly status: number;
  readonly reason?: string | undefined;
  /** Seconds, of `Retry-After`. */
  readonly retryAfter?: string | undefined;
  readonly body?: string;
}

const MOST_WORDS = 300;
const MOST_WAIT = 3_600;

/** The city's own words for a refusal: `X-Reason`, the body's message, else what the status says. */
const wordsOf = ({ status, reason, body = '' }: Answered): string => {
  const json = parseJson(body, 4);
  const message = json.ok && isRecord(json.value) ? json.value['message'] : undefined;
  const words = displayLine(reason ?? (typeof message === 'string' ? message : ''), MOST_WORDS);
  return words || `The city did not take the file (${status}).`;
};

/** Judges an answer to the end of an upload, or to one in one piece. */
export const judgeAnswer = (answer: Answered): Outcome => {
  const { status } = answer;
  if (status === 200 || status === 201) return { outcome: 'stored' };
  if (status === 401) return { outcome: 'unsigned' };
  if (status === 404 || status === 410) return { outcome: 'gone' };
  if (status === 507) return { outcome: 'refused', reason: wordsOf(answer) };
  // 423: the city still writes what came before the cut.
  if (status >= 500 || [408, 423, 425, 429].includes(status) || status < 200) {
    const wait = Number(answer.retryAfter);
    return wait > 0 ? { outcome: 'later', wait: Math.min(wait, MOST_WAIT) * 1000 } : { outcome: 'later' };
  }
  return { outcome: 'refused', reason: wordsOf(answer) };
};

/** The same of a `fetch`. */
export const judgeResponse = async (response: Response): Promise<Outcome> =>
  judgeAnswer({
    status: response.status,
    reason: response.headers.get('x-reason') ?? undefined,
    retryAfter: response.headers.get('retry-after') ?? undefined,
    body: await response.text(),
  });
