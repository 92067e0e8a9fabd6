import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../tests/support/wire-arbitraries.ts';
import { formatReason, httpStatusOf, parseReason, REASON_CODES } from './reasons.ts';

test('a reason survives the wire', () => {
  fc.assert(
    fc.property(fc.constantFrom(...REASON_CODES), anyText, (code, message) => {
      expect(parseReason(formatReason({ code, message }))).toEqual({ code, message: message.trim() });
    }),
  );
});

test('words without a known prefix are an error, whole', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const reason = parseReason(text);
      if (reason.code === 'error' && !text.startsWith('error:')) expect(reason.message).toBe(text.trim());
    }),
  );
  expect(parseReason('oops: no')).toEqual({ code: 'error', message: 'oops: no' });
  expect(parseReason('pow')).toEqual({ code: 'error', message: 'pow' });
});

test('every reason has an HTTP status', () => {
  for (const code of REASON_CODES) expect(httpStatusOf[code]).toBeGreaterThanOrEqual(200);
  expect(httpStatusOf['rate-limited']).toBe(429);
});
