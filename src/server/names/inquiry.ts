/** Asks another server whose a name is (NIP-05), on behalf of somebody of this city: public addresses only, one answer, no redirects. */
import { ownerIn, wellKnownOf } from '#protocol/names/addresses.ts';
import type { NameAddress, NameOwner } from '#protocol/names/addresses.ts';
import { parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { GuardedFetch } from '../media/fetching/guarded-fetch.ts';
import { BodyCut } from '../media/fetching/paced-body.ts';
import type { FetchedBody } from '../media/fetching/paced-body.ts';
import { Lanes } from '../media/keeping/lanes.ts';

/** Servers that answer with all their names at once are read this far. */
const MOST_BYTES = 256 * 1024;
const WITHIN_MS = 5_000;
const LANES = { total: 12, perParty: 3, waiting: 60 };

export interface InquiryPorts {
  readonly fetch: Pick<GuardedFetch, 'get'>;
  /** For tests: names on these ports of this machine are asked without TLS. Production hands nothing in. */
  readonly plainPorts?: ReadonlySet<number>;
}

/** `unreachable`: nobody answers there as they should, so nothing is known; `busy`: too many ask at once. */
export type InquiryFailure = Failure<'unreachable' | 'busy'>;

const textOf = async (body: FetchedBody): Promise<string | undefined> => {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of body) pieces.push(piece);
  } catch (cause) {
    if (cause instanceof BodyCut) return undefined;
    throw cause;
  }
  return Buffer.concat(pieces).toString('utf8');
};

export class NameInquiry {
  readonly #ports: InquiryPorts;
  readonly #lanes = new Lanes(LANES);

  constructor(ports: InquiryPorts) {
    this.#ports = ports;
  }

  /** Whose address it is; undefined: nobody's, the other side says. `asker`: whoever is made to wait for their own questions only. */
  async of(address: NameAddress, asker: string): Promise<Result<NameOwner | undefined, InquiryFailure>> {
    const leave = await this.#lanes.enter([asker, address.domain]);
    if (!leave) return fail('busy', 'too many at once; try again');
    try {
      return await this.#ask(address);
    } finally {
      leave();
    }
  }

  async #ask(address: NameAddress): Promise<Result<NameOwner | undefined, InquiryFailure>> {
    const { fetch, plainPorts } = this.#ports;
    const port = Number(address.domain.split(':')[1]);
    const url = wellKnownOf(address, plainPorts?.has(port) ? 'http' : 'https');
    const options = {
      limit: MOST_BYTES,
      withinMs: WITHIN_MS,
      redirects: 0,
      accept: 'application/json',
    };
    const fetched = await fetch.get(url, options);
    if (!fetched.ok) return fail('unreachable', 'the other city does not say whose name this is');
    const text = await textOf(fetched.value.body);
    const json = text === undefined ? undefined : parseJson(text);
    return json?.ok
      ? ok(ownerIn(json.value, address.name))
      : fail('unreachable', 'the other city does not say whose name this is');
  }
}
