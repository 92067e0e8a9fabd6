/** The log by pino: a line of JSON each where a machine reads, a short plain line where a person does. */
import pino from 'pino';
import { hush } from './log.ts';
import type { Facts, Log, LogLevel } from './log.ts';

/** Where lines go. */
interface LineSink {
  write(line: string): unknown;
}

export interface LogOptions {
  /** Undefined: `info`, on a terminal `warn`. */
  readonly level?: LogLevel | undefined;
  /** Undefined: the process's standard error. */
  readonly sink?: LineSink;
  /** Plain lines instead of JSON; undefined: where standard error is a terminal. */
  readonly plain?: boolean;
}

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
}

/** `18:20:05 warn housekeeping failed (code 57014, cause …)` */
const plainLine = (json: string): string => {
  const { level, time, msg, ...facts } = JSON.parse(json) as Line & Facts;
  const told = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  return `${time.slice(11, 19)} ${level} ${msg}${told.length > 0 ? ` (${told.join(', ')})` : ''}\n`;
};

const hushed = (facts: Facts): Facts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? hush(value) : value]),
  );

/** Opens the log. */
export const openLog = ({ level, sink, plain }: LogOptions = {}): Log => {
  const forPeople = plain ?? (sink === undefined && process.stderr.isTTY);
  // Written at once: what is told last, before the end, matters most.
  const out: LineSink = sink ?? pino.destination({ dest: 2, sync: true });
  const logger = pino(
    {
      level: level ?? (forPeople ? 'warn' : 'info'),
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    forPeople ? { write: (line: string) => out.write(plainLine(line)) } : (out as pino.DestinationStream),
  );
  const tell =
    (at: Exclude<LogLevel, 'silent'>) =>
    (sentence: string, facts: Facts = {}): void =>
      logger[at](hushed(facts), hush(sentence));
  return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
};
