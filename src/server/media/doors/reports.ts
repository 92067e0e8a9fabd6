/** Reports about files (BUD-09, NIP-56): kept as the events they are, where the operators' side gathers them. */
import { isHex64 } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { hasValidId, parseEvent } from '#protocol/event.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { tagValues } from '#protocol/tags.ts';

export interface ReportPorts {
  readonly verifier: Verifier;
  readonly submit: (event: NostrEvent) => Promise<{ readonly accepted: boolean; readonly message: string }>;
}

/** Checks and keeps a report that names files by x tags. */
export const takeReport = async (
  value: unknown,
  { verifier, submit }: ReportPorts,
): Promise<Result<true, Failure<'request' | 'banned'>>> => {
  const event = parseEvent(value);
  if (!event.ok || event.value.kind !== kinds.REPORT)
    return fail('request', `the body is an event of kind ${kinds.REPORT}`);
  if (!tagValues(event.value, 'x').some(isHex64))
    return fail('request', 'the report names a file by an x tag');
  if (!hasValidId(event.value) || !verifier.verify(event.value))
    return fail('request', 'the signature does not hold');
  const { accepted, message } = await submit(event.value);
  return accepted ? ok(true) : fail('banned', message);
};
