/** Which network addresses a request to a stranger's URL may go to: the public internet's, nothing behind the city's own door. */
import { BlockList, isIP, isIPv4 } from 'node:net';

const ranges = (family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
};

/** IANA's special-purpose registry: this network, private, CGNAT, loopback, link-local, protocol, documentation, benchmark, multicast, reserved. */
const special4 = ranges('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);

/** Global unicast alone: loopback, link-local, ULA, v4-mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96) are all outside. */
const global6 = ranges('ipv6', [['2000::', 3]]);
/** Inside it what leads back to IPv4 or nowhere: protocol assignments with Teredo, documentation, 6to4. */
const special6 = ranges('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

const loopback4 = ranges('ipv4', [['127.0.0.0', 8]]);

/** True for an address of the public internet; anything that is no plain address is none. */
export const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !special4.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return global6.check(address, 'ipv6') && !special6.check(address, 'ipv6');
};

/** True for this machine itself. */
export const isLoopbackAddress = (address: string): boolean =>
  isIPv4(address) ? loopback4.check(address, 'ipv4') : address === '::1';
