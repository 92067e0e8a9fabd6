import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';

const refusal = (environment: Record<string, string>): string => {
  const config = parseConfig(environment);
  return config.ok ? 'accepted' : config.error.message;
};

test('without any setting there is a city on 127.0.0.1:3000 in ./data, with the real work', () => {
  expect(parseConfig({})).toEqual({
    ok: true,
    value: {
      port: 3000,
      host: '127.0.0.1',
      dataDir: './data',
      cityName: 'Synchrono City',
      work: 'real',
      operators: [],
      pushLocal: false,
      retention: { letters: 30, removed: 30 },
      media: { quotas: { key: 5_000_000_000 } },
      demo: false,
      demoLines: 0,
      proxyCacheBytes: 1_000_000_000,
    },
  });
});

test.each([
  [{ PORT: 'abc' }, /^PORT must be a number/],
  [{ PORT: '70000' }, /^PORT must be a number/],
  [{ POW: 'foo' }, /^POW must be real or test/],
  [{ POW: 'test', NODE_ENV: 'production' }, /^POW=test is for development only/],
  [{ PUSH_LOCAL: '1', NODE_ENV: 'production' }, /^PUSH_LOCAL=1 is for development only/],
  [{ PUSH_LOCAL: 'yes' }, /^PUSH_LOCAL must be 1 or 0/],
  [{ PUSH_KEY: 'x' }, /^PUSH_KEY is not a setting/],
  [{ CITY_SECRET_KEY: 'x' }, /^CITY_SECRET_KEY must be 64/],
  [{ CITY_SECRET_KEY: '0'.repeat(64) }, /^CITY_SECRET_KEY must be 64/],
  [{ CITY_COLOUR: 'red' }, /^CITY_COLOUR is not a setting/],
  [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL must be an address that begins with postgres/],
  [{ PUBLIC_URL: 'city.example' }, /^PUBLIC_URL must be an address/],
  [{ ADMIN_PUBKEYS: `${'a'.repeat(64)},b` }, /^ADMIN_PUBKEYS is a list/],
  [{ STUN_URLS: 'stun:a.example,http://b' }, /^STUN_URLS is a list/],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of debug, info, warn, error, silent/],
  [{ METRICS: 'closed' }, /^METRICS must be open/],
  [{ METRICS_TOKEN: 'short' }, /^METRICS_TOKEN must have 16 to 200/],
  [{ METRICS: 'open', METRICS_TOKEN: 'x'.repeat(16) }, /^METRICS=open and METRICS_TOKEN exclude/],
  [{ RETENTION_LETTER_DAYS: '0' }, /^RETENTION_LETTER_DAYS must be a number of days from 1/],
  [{ RETENTION_WRAPS: '1' }, /^RETENTION_WRAPS is not a setting/],
  [{ MEDIA_QUOTA: '5' }, /^MEDIA_QUOTA must be a size like/],
  [{ MEDIA_ROOM: '5 GB' }, /^MEDIA_ROOM is not a setting/],
  [{ S3_URL: 'https://bucket.example/city' }, /^S3_URL must hold the key and the secret/],
  [{ DEMO: 'yes' }, /^DEMO must be 1 or 0/],
  [{ DEMO_LINES: 'many' }, /^DEMO_LINES must be a number from 100/],
  [{ DEMO_LINES: '99' }, /^DEMO_LINES must be a number from 100/],
])('%o stops the start with one sentence', (environment, words) => {
  expect(refusal(environment)).toMatch(words);
});

test('other people’s variables are none of our business; empty means unset', () => {
  expect(refusal({ PATH: '/bin', FOO_PORT: 'x', HOME: '', PORT: '' })).toBe('accepted');
});

test('whatever the values, there is a config or one sentence that names the variable', () => {
  const names = fc.constantFrom(
    'PORT',
    'HOST',
    'PUBLIC_URL',
    'DATABASE_URL',
    'POW',
    'ADMIN_PUBKEYS',
    'TURN_URL',
  );
  fc.assert(
    fc.property(names, fc.string(), (name, text) => {
      const config = parseConfig({ [name]: text });
      if (!config.ok) expect(config.error.message.startsWith(`${name} `)).toBe(true);
    }),
  );
});
