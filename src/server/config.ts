/** The server's settings, from the environment only; anything malformed stops the start with one sentence. */
import { isHex64 } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { WorkMode } from '#protocol/proof-of-work.ts';
import { parseS3Url } from './media/storing/s3-address.ts';
import type { S3Address } from './media/storing/s3-address.ts';
import { RETENTION_DEFAULTS } from './retention-rules.ts';
import type { RetentionRules } from './retention-rules.ts';
import type { MediaSettings } from './media/settings.ts';
import { MEDIA_QUOTA_DEFAULT, PROXY_CACHE_DEFAULT } from './media/settings.ts';
import type { MetricsDoor } from './http/metrics-door.ts';
import { LOG_LEVELS } from './telemetry/log.ts';
import type { LogLevel } from './telemetry/log.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where people reach the city; undefined: `http://localhost:<port>`. */
  readonly publicUrl?: string;
  readonly dataDir: string;
  /** A PostgreSQL to use instead of the embedded database. */
  readonly databaseUrl?: string;
  /** 64 hex digits; undefined: made once and kept in `dataDir`. */
  readonly secretKey?: string;
  readonly cityName: string;
  readonly work: WorkMode;
  /** Keys that may act as admin in every place. */
  readonly operators: readonly string[];
  /** 64 hex digits; undefined: made once and kept in `dataDir`. */
  readonly pushSecretKey?: string;
  /** Redis or Valkey, for what the processes of one city tell each other. */
  readonly redisUrl?: string;
  /** Push endpoints may be on this machine itself, without https: for development only. */
  readonly pushLocal: boolean;
  /** Undefined: `info`, on a terminal `warn`. */
  readonly logLevel?: LogLevel;
  /** Who may read `/metrics`; undefined: nobody. */
  readonly metrics?: MetricsDoor;
  /** How long what is not kept is kept. */
  readonly retention: RetentionRules;
  /** Room for files, and where they lie. */
  readonly media: MediaSettings;
  /** Most bytes of strangers' pictures kept on the disk. */
  readonly proxyCacheBytes: number;
  readonly demo: boolean;
  /** Lines of the demo's one large place; 0: there is none. */
  readonly demoLines: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;
type ConfigFailure = Failure<'config'>;

type Read<T> = (text: string) => Result<T, string>;
const no = (sentence: string): { readonly ok: false; readonly error: string } => ({
  ok: false,
  error: sentence,
});

const port: Read<number> = (text) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? ok(Number(text)) : no('must be a number from 0 to 65535');
const lines: Read<number> = (text) =>
  /^\d{1,7}$/.test(text) && Number(text) >= 100 && Number(text) <= 1_000_000
    ? ok(Number(text))
    : no('must be a number from 100 to 1000000');
const days: Read<number> = (text) =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 36_500
    ? ok(Number(text))
    : no('must be a number of days from 1 to 36500');
const UNITS: Readonly<Record<string, number>> = { kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };
const size: Read<number> = (text) => {
  const [, count = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?) ?([KMGT]B)$/i.exec(text) ?? [];
  const bytes = Math.round(Number(count) * (UNITS[unit.toLowerCase()] ?? 0));
  return bytes > 0 ? ok(bytes) : no('must be a size like 500 MB or 5 GB');
};
const s3: Read<S3Address> = (text) => {
  const address = parseS3Url(text);
  return address.ok ? address : no(address.error.message);
};
const filled: Read<string> = (text) => (text.trim() ? ok(text.trim()) : no('must not be empty'));
const name: Read<string> = (text) =>
  text.trim().length >= 1 && text.trim().length <= 60 ? ok(text.trim()) : no('must have 1 to 60 characters');
const key: Read<string> = (text) =>
  isHex64(text) && /[1-9a-f]/.test(text) ? ok(text) : no('must be 64 lower-case hex digits');
const work: Read<WorkMode> = (text) =>
  text === 'real' || text === 'test' ? ok(text) : no('must be real or test');
const logLevel: Read<LogLevel> = (text) => {
  const level = LOG_LEVELS.find((each) => each === text);
  return level ? ok(level) : no(`must be one of ${LOG_LEVELS.join(', ')}`);
};
const open: Read<'open'> = (text) => (text === 'open' ? ok(text) : no('must be open'));
const token: Read<string> = (text) =>
  /^[!-~]{16,200}$/.test(text) ? ok(text) : no('must have 16 to 200 characters and no spaces');
const flag: Read<boolean> = (text) =>
  text === '1' || text === '0' ? ok(text === '1') : no('must be 1 or 0');
const url =
  (...protocols: readonly string[]): Read<string> =>
  (text) =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol)
      ? ok(text.replace(/\/$/, ''))
      : no(`must be an address that begins with ${protocols.map((each) => `${each}//`).join(' or ')}`);
const list =
  (item: Read<string>): Read<readonly string[]> =>
  (text) => {
    const items = text.split(',').map((part) => part.trim());
    const bad = items.map((part) => item(part)).find((each) => !each.ok);
    return bad && !bad.ok ? no(`is a list with commas; each ${bad.error}`) : ok(items);
  };
const stun: Read<string> = (text) => (/^stuns?:[^\s]+$/.test(text) ? ok(text) : no('must begin with stun:'));
const turn: Read<string> = (text) => (/^turns?:[^\s]+$/.test(text) ? ok(text) : no('must begin with turn:'));

/** Every name of the table on docs/operations; those of later parts are checked already, so that a typo shows at once. */
const table = {
  PORT: port,
  HOST: filled,
  PUBLIC_URL: url('http:', 'https:'),
  DATA_DIR: filled,
  DATABASE_URL: url('postgres:', 'postgresql:'),
  REDIS_URL: url('redis:', 'rediss:'),
  LIVEKIT_URL: url('ws:', 'wss:', 'http:', 'https:'),
  LIVEKIT_API_KEY: filled,
  LIVEKIT_API_SECRET: filled,
  STUN_URLS: list(stun),
  TURN_URL: turn,
  TURN_SECRET: filled,
  CITY_SECRET_KEY: key,
  CITY_NAME: name,
  POW: work,
  ADMIN_PUBKEYS: list(key),
  PUSH_LOCAL: flag,
  LOG_LEVEL: logLevel,
  RETENTION_LETTER_DAYS: days,
  RETENTION_REMOVED_DAYS: days,
  MEDIA_QUOTA: size,
  MEDIA_CITY_QUOTA: size,
  S3_URL: s3,
  METRICS: open,
  METRICS_TOKEN: token,
  PUSH_SECRET_KEY: key,
  MEDIA_PROXY_CACHE: size,
  DEMO: flag,
  DEMO_LINES: lines,
} as const;
type Name = keyof typeof table;
const ourPrefixes = /^(CITY|LIVEKIT|TURN|STUN|PUSH|RETENTION|MEDIA|S3)_/;

type Values = { [N in Name]?: (typeof table)[N] extends Read<infer T> ? T : never };

const readTable = (environment: Environment): Result<Values, ConfigFailure> => {
  const values: Record<string, unknown> = {};
  for (const [variable, text] of Object.entries(environment)) {
    if (text === undefined || text === '') continue;
    if (!Object.hasOwn(table, variable)) {
      if (ourPrefixes.test(variable)) return fail('config', `${variable} is not a setting of this server.`);
      continue;
    }
    const value = table[variable as Name](text);
    if (!value.ok) return fail('config', `${variable} ${value.error}.`);
    values[variable] = value.value;
  }
  return ok(values as Values);
};

/** Reads the environment; fails with `config` and one sentence that names the variable. */
export const parseConfig = (environment: Environment): Result<Config, ConfigFailure> => {
  const read = readTable(environment);
  if (!read.ok) return read;
  const values = read.value;
  if (values.POW === 'test' && environment['NODE_ENV'] === 'production')
    return fail('config', 'POW=test is for development only and NODE_ENV is production.');
  if (values.PUSH_LOCAL && environment['NODE_ENV'] === 'production')
    return fail('config', 'PUSH_LOCAL=1 is for development only and NODE_ENV is production.');
  if (values.METRICS && values.METRICS_TOKEN)
    return fail('config', 'METRICS=open and METRICS_TOKEN exclude each other; choose one.');
  return ok({
    port: values.PORT ?? 3000,
    host: values.HOST ?? '127.0.0.1',
    dataDir: values.DATA_DIR ?? './data',
    cityName: values.CITY_NAME ?? 'Synchrono City',
    work: values.POW ?? 'real',
    operators: values.ADMIN_PUBKEYS ?? [],
    pushLocal: values.PUSH_LOCAL ?? false,
    retention: {
      letters: values.RETENTION_LETTER_DAYS ?? RETENTION_DEFAULTS.letters,
      removed: values.RETENTION_REMOVED_DAYS ?? RETENTION_DEFAULTS.removed,
    },
    media: {
      quotas: {
        key: values.MEDIA_QUOTA ?? MEDIA_QUOTA_DEFAULT,
        ...(values.MEDIA_CITY_QUOTA ? { city: values.MEDIA_CITY_QUOTA } : {}),
      },
      ...(values.S3_URL ? { s3: values.S3_URL } : {}),
    },
    proxyCacheBytes: values.MEDIA_PROXY_CACHE ?? PROXY_CACHE_DEFAULT,
    demo: values.DEMO ?? false,
    demoLines: values.DEMO_LINES ?? 0,
    ...(values.PUBLIC_URL ? { publicUrl: values.PUBLIC_URL } : {}),
    ...(values.DATABASE_URL ? { databaseUrl: values.DATABASE_URL } : {}),
    ...(values.METRICS_TOKEN ? { metrics: { token: values.METRICS_TOKEN } } : {}),
    ...(values.METRICS ? { metrics: values.METRICS } : {}),
    ...(values.LOG_LEVEL ? { logLevel: values.LOG_LEVEL } : {}),
    ...(values.REDIS_URL ? { redisUrl: values.REDIS_URL } : {}),
    ...(values.PUSH_SECRET_KEY ? { pushSecretKey: values.PUSH_SECRET_KEY } : {}),
    ...(values.CITY_SECRET_KEY ? { secretKey: values.CITY_SECRET_KEY } : {}),
  });
};
