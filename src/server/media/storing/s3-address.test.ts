import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseS3Url } from './s3-address.ts';

test('a whole address', () => {
  expect(parseS3Url('https://key:se%2Fcret@s3.example:9000/city/files/here?region=eu-1&style=host')).toEqual({
    ok: true,
    value: {
      endpoint: 'https://s3.example:9000',
      bucket: 'city',
      prefix: 'files/here/',
      region: 'eu-1',
      key: 'key',
      secret: 'se/cret',
      pathStyle: false,
    },
  });
});

test('what is not said', () => {
  expect(parseS3Url('http://k:s@127.0.0.1/city')).toMatchObject({
    value: { prefix: '', region: 'us-east-1', pathStyle: true },
  });
});

test.each([
  'city',
  'ftp://k:s@host/city',
  'https://host/city',
  'https://k@host/city',
  'https://k:s@host/',
  'https://k:s@host/.city',
  'https://k:s@host/city?zone=1',
  'https://k:s@host/city?style=odd',
  'https://k:%zz@host/city',
])('%s is refused', (text) => {
  expect(parseS3Url(text).ok).toBe(false);
});

test('no refusal holds the secret', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{12,30}$/), fc.string(), (secret, rest) => {
      const parsed = parseS3Url(
        `https://key:${secret}@host/${encodeURI(rest.replace(/[\ud800-\udfff]/g, ''))}?x=1`,
      );
      if (!parsed.ok) expect(parsed.error.message).not.toContain(secret);
    }),
  );
});
