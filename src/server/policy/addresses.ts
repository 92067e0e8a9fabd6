/** Network addresses and ranges that an operator blocks. */
import { BlockList, isIP } from 'node:net';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** `::ffff:1.2.3.4` is 1.2.3.4; a zone says nothing about the peer. */
const plain = (address: string): string =>
  address
    .trim()
    .toLowerCase()
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/, '');

/** Widest ranges that can be blocked: a slip of the finger must not shut the whole city. */
const WIDEST = { ipv4: 8, ipv6: 16 } as const;

/** An address, or a range as `10.1.0.0/16`, in one form; fails with `malformed` and a sentence. */
export const parseAddressRange = (text: string): Result<string, Failure<'malformed'>> => {
  const [address = '', size, ...more] = text.trim().split('/');
  const host = plain(address);
  if (more.length > 0 || isIP(host) === 0)
    return fail('malformed', 'an address is like 203.0.113.7, 2001:db8::1 or 203.0.113.0/24');
  if (size === undefined) return ok(host);
  const most = family(host) === 'ipv4' ? 32 : 128;
  if (!/^\d{1,3}$/.test(size) || Number(size) > most || Number(size) < WIDEST[family(host)])
    return fail('malformed', `a range of this sort has a size from ${WIDEST[family(host)]} to ${most}`);
  return ok(`${host}/${Number(size)}`);
};

/** Tells which peers are blocked. */
export class AddressList {
  #list = new BlockList();

  /** Takes ranges in the form of `parseAddressRange`; others are left out. */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [host = '', size] = range.split('/');
      if (isIP(host) === 0) continue;
      if (size === undefined) this.#list.addAddress(host, family(host));
      else this.#list.addSubnet(host, Number(size), family(host));
    }
  }

  has(address: string): boolean {
    const host = plain(address);
    return isIP(host) !== 0 && this.#list.check(host, family(host));
  }
}
