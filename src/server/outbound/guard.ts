/**
 * Where this server may connect to when a stranger chose the address. A name is resolved here, every address it has must be a public
 * one, and the connection goes to exactly those: a name that changes its mind between check and use gains nothing.
 */
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';

/** The addresses of a name; rejects when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface AddressRules {
  readonly resolve?: Resolve;
  /** Lets this machine's own addresses through, for development and tests. */
  readonly local: boolean;
}

const MAX_ADDRESSES = 16;

/** Asks name servers itself: `lookup` would hold one of the process's few threads for as long as a stranger's server likes. */
const resolveByName: Resolve = async (host) => {
  if (host === 'localhost') return ['127.0.0.1'];
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
};

/** Thrown into a connection that must not be made. */
export class ForbiddenAddress extends Error {}

/** A URL's host as `net` names it: an IPv6 address without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

export class AddressGuard {
  #resolve: Resolve;
  #local: boolean;

  constructor({ resolve = resolveByName, local }: AddressRules) {
    this.#resolve = resolve;
    this.#local = local;
  }

  allows(address: string): boolean {
    return isPublicAddress(address) || (this.#local && isLoopbackAddress(address));
  }

  /** All addresses of a name, or none: one forbidden one speaks against the others. Throws `ForbiddenAddress`. */
  async addressesOf(host: string): Promise<readonly string[]> {
    const addresses = (await this.#resolve(host)).slice(0, MAX_ADDRESSES);
    if (addresses.length === 0) throw new Error('the name has no address');
    if (!addresses.every((address) => this.allows(address))) throw new ForbiddenAddress();
    return addresses;
  }

  /** False for a literal address that is forbidden: connecting to one asks no resolver. */
  allowsLiteral(host: string): boolean {
    return isIP(host) === 0 || this.allows(host);
  }

  /** For a request's `lookup`: what is checked is what is connected to. */
  readonly lookup: LookupFunction = (host, options, done) => {
    this.addressesOf(host).then(
      (addresses) => {
        const all = addresses.map((address) => ({ address, family: isIP(address) }));
        if (options.all) done(null, all);
        else done(null, all[0]?.address ?? '', all[0]?.family);
      },
      (cause: unknown) => done(cause as Error, ''),
    );
  };
}
