/** Reports (NIP-56, kind 1984): somebody, or something of theirs, is brought before those who look after the city. */
import type { Draft } from '../event.ts';
import * as kinds from '../kinds.ts';
import type { ReportType } from './admin.ts';

/** Characters of a report's own words, at most. */
export const REPORT_MAX = 1000;

/** A report of a person, or of one event of theirs. `words` are for those who decide; everybody may read them. */
export const makeReport = (
  { person, event }: { readonly person: string; readonly event?: string | undefined },
  { type, words }: { readonly type: ReportType; readonly words: string },
): Draft => ({
  kind: kinds.REPORT,
  content: [...words.trim()].slice(0, REPORT_MAX).join(''),
  tags:
    event === undefined
      ? [['p', person, type]]
      : [
          ['e', event, type],
          ['p', person],
        ],
});
