import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressList, parseAddressRange } from './addresses.ts';

const read = (text: string) => {
  const parsed = parseAddressRange(text);
  return parsed.ok ? parsed.value : undefined;
};

test('addresses and ranges in one form', () => {
  expect(read(' 203.0.113.7 ')).toBe('203.0.113.7');
  expect(read('::ffff:203.0.113.7')).toBe('203.0.113.7');
  expect(read('2001:DB8::1')).toBe('2001:db8::1');
  expect(read('203.0.113.0/024')).toBe('203.0.113.0/24');
  for (const text of [
    '',
    'x',
    '1.2.3',
    '1.2.3.4/33',
    '0.0.0.0/0',
    '::/0',
    '1.2.3.4/',
    '1.2.3.4/8/8',
    '::1/129',
  ])
    expect(read(text)).toBeUndefined();
});

test('a list knows its own, in every spelling', () => {
  const list = new AddressList(['203.0.113.0/24', '198.51.100.7', '2001:db8::/32', 'nonsense']);
  expect(list.has('203.0.113.200')).toBe(true);
  expect(list.has('::ffff:203.0.113.200')).toBe(true);
  expect(list.has('198.51.100.8')).toBe(false);
  expect(list.has('2001:DB8:1::9%eth0')).toBe(true);
  expect(list.has('')).toBe(false);
});

test('every address that can be blocked is blocked, and alone', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.ipV4(), (address, other) => {
      const range = read(address);
      const list = new AddressList([range ?? '']);
      expect(list.has(address)).toBe(true);
      if (other !== range && !address.includes(':')) expect(list.has(other)).toBe(false);
    }),
  );
});
