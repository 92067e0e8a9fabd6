/** Telling a person what a damaged log has lost: how many events, and from about when. */
import { isRecord } from '#shared/json.ts';
import { carriedEvent, isLocalEvent } from '../local-events.ts';
import type { Loss, LogBook } from './log-book.ts';

/** One gap in the log. */
export interface LossReport extends Loss {
  /** How many events it was. */
  readonly events: number;
  /** Unix seconds of what stands before the gap; absent where nothing near has a time. */
  readonly after?: number;
  /** Unix seconds of what stands behind it. */
  readonly before?: number;
}

/** How many events around a gap are looked at for a time. */
const NEAR = 100;

/** Gaps that touch are one gap. */
const joined = (losses: readonly Loss[]): Loss[] => {
  const gaps: Loss[] = [];
  for (const loss of [...losses].sort((a, b) => a.from - b.from)) {
    const last = gaps.at(-1);
    if (last && loss.from <= last.to + 1)
      gaps[gaps.length - 1] = { from: last.from, to: Math.max(last.to, loss.to) };
    else gaps.push(loss);
  }
  return gaps;
};

/** Says of each gap how large it is and between which times it lies, as far as its neighbours tell. */
export const describeLosses = (log: LogBook, losses: readonly Loss[]): Promise<LossReport[]> =>
  Promise.all(
    joined(losses).map(async ({ from, to }) => {
      const before = await timesIn(log, Math.max(0, from - 1 - NEAR), from);
      const behind = await timesIn(log, to, to + NEAR);
      return {
        from,
        to,
        events: to - from + 1,
        ...optional('after', before.at(-1)),
        ...optional('before', behind[0]),
      };
    }),
  );

const optional = (name: 'after' | 'before', time: number | undefined) =>
  time === undefined ? {} : { [name]: time };

/** The times that chunks above one number and ending below another tell, in the order of the log. */
const timesIn = async (log: LogBook, after: number, end: number): Promise<number[]> => {
  const chunks = await log.open(after, NEAR);
  return chunks.flatMap(({ seq, values }) => (seq < end ? (values ?? []) : [])).flatMap(timeOf);
};

/** The time that a value of the log tells, if it tells one. */
export const timeOf = (value: unknown): number[] => {
  if (!isLocalEvent(value)) return [];
  const time = carriedEvent(value)?.created_at ?? ('at' in value ? value.at : undefined);
  return time === undefined ? [] : [time];
};

/** Losses as a checkpoint kept them. */
export const parseLosses = (value: unknown): Loss[] =>
  Array.isArray(value)
    ? value.flatMap((one: unknown) => (isLoss(one) ? [{ from: one.from, to: one.to }] : []))
    : [];

const isLoss = (value: unknown): value is Loss =>
  isRecord(value) && Number.isInteger(value['from']) && Number.isInteger(value['to']);
