import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '169.253.1.1',
  '192.167.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:800::200e',
  '2001:4860:4860::8888',
])('%s is on the public internet', (address) => expect(isPublicAddress(address)).toBe(true));

test.each([
  ['this network', '0.0.0.0'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['CGNAT', '100.64.0.1'],
  ['CGNAT', '100.127.255.255'],
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['link-local', '169.254.169.254'],
  ['documentation', '192.0.2.1'],
  ['benchmarks', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['nothing', '::'],
  ['loopback', '::1'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['global with a zone', '2606:4700:4700::1111%eth0'],
  ['ULA', 'fc00::1'],
  ['ULA', 'fd12:3456::1'],
  ['multicast', 'ff02::1'],
  ['v4-mapped loopback', '::ffff:127.0.0.1'],
  ['v4-mapped private', '::ffff:a00:1'],
  ['v4-mapped public', '::ffff:8.8.8.8'],
  ['v4-compatible', '::7f00:1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['local NAT64', '64:ff9b:1::1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:1::1'],
  ['documentation', '2001:db8::1'],
  ['documentation', '3fff::1'],
  ['no address', 'localhost'],
  ['half an address', '127.1'],
  ['a number', '2130706433'],
  ['octal', '0177.0.0.1'],
  ['nothing at all', ''],
])('%s (%s) is not', (_, address) => expect(isPublicAddress(address)).toBe(false));

test('this machine is 127.0.0.0/8 and ::1', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopbackAddress)).toBe(true);
  expect(['128.0.0.1', '::2', '::ffff:127.0.0.1', 'localhost', ''].some(isLoopbackAddress)).toBe(false);
});

test('no text makes it throw, and no private IPv4 address passes however it is wrapped', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      isLoopbackAddress(text);
      isPublicAddress(text);
    }),
  );
  const insides = fc.tuple(fc.constantFrom('10', '127'), fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(insides, fc.constantFrom('', '::ffff:', '::', '64:ff9b::'), (parts, wrapped) => {
      expect(isPublicAddress(`${wrapped}${parts.join('.')}`)).toBe(false);
    }),
  );
});
