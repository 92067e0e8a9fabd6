import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MANAGEMENT_METHODS, parseManagementRequest } from './management.ts';

const KEY = 'c'.repeat(64);

test('NIP-86’s methods, with and without a reason', () => {
  const read = (method: string, ...params: unknown[]) => parseManagementRequest({ method, params });
  expect(read('banpubkey', KEY, 'noise')).toMatchObject({ value: { name: KEY, reason: 'noise' } });
  expect(read('banevent', KEY)).toMatchObject({ value: { name: KEY, reason: '' } });
  expect(read('disallowkind', 4)).toMatchObject({ value: { kind: 4 } });
  expect(read('blockip', '203.0.113.7')).toMatchObject({ value: { address: '203.0.113.7' } });
  expect(read('changerelayname', 'Harbour')).toMatchObject({ value: { text: 'Harbour' } });
  for (const method of MANAGEMENT_METHODS.filter((name) => /^(list|supported)/.test(name)))
    expect(parseManagementRequest({ method })).toEqual({ ok: true, value: { method } });
});

test.each<[string, unknown]>([
  ['no method', { params: [] }],
  ['one of other relays', { method: 'assignrole', params: [KEY, 'x'] }],
  ['one of every object', { method: 'toString', params: [] }],
  ['a kind that is none', { method: 'allowkind', params: ['1'] }],
  ['a kind too large', { method: 'allowkind', params: [65_536] }],
  ['half a key', { method: 'banpubkey', params: [KEY.slice(1)] }],
  ['nobody', { method: 'banpubkey' }],
  ['a name that is a number', { method: 'changerelayname', params: [1] }],
])('refused: %s', (_, value) => {
  expect(parseManagementRequest(value)).toMatchObject({ ok: false, error: { code: 'malformed' } });
});

test('anything at all is read or refused', () => {
  const method = fc.oneof(fc.constantFrom(...MANAGEMENT_METHODS), fc.anything());
  fc.assert(
    fc.property(fc.record({ method, params: fc.oneof(fc.array(fc.anything()), fc.anything()) }), (any) => {
      const parsed = parseManagementRequest(any);
      if (parsed.ok) expect(MANAGEMENT_METHODS).toContain(parsed.value.method);
    }),
  );
});
