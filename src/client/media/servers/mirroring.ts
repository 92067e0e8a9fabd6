/** Keeping one's files at a second server too: the page asks the city alone, and the city asks that server (BUD-04). */
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { displayLine } from '#shared/text.ts';
import { normalizeServerUrl } from '#protocol/media/servers.ts';
import { signToken } from '../sealing/tokens.ts';
import type { Sign } from '../sealing/tokens.ts';

/** `address`: none that can be asked; `unreachable`: the city did not answer; `rejected`: it or the other server said no, with its words. */
type MirrorFailure = Failure<'address' | 'no-account' | 'refused' | 'unreachable' | 'rejected'>;

export interface MirroringPorts {
  readonly fetch: typeof fetch;
  readonly sign: Sign;
  /** The city's origin. */
  readonly city: string;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Milliseconds: the other server fetches the whole file before it answers. */
const PATIENCE = 150_000;
const WORDS = 300;

/** What a person can have done about files of theirs at other servers. */
export interface Mirroring {
  /** The server's origin, once it was seen to be a server of files. */
  check(address: string): Promise<Result<string, MirrorFailure>>;
  /** Has a server fetch a file from the city. */
  mirror(hash: string, server: string): Promise<Result<undefined, MirrorFailure>>;
}

/** Over the city's doors `POST /api/media/servers` and `POST /api/media/mirror`. */
export const openMirroring = (ports: MirroringPorts): Mirroring => ({
  check: async (address) => {
    const text = address.trim();
    const server = normalizeServerUrl(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
    if (server === undefined || server === ports.city)
      return fail('address', 'That is not the address of another server.');
    const asked = await ask(ports, '/api/media/servers', { server });
    return asked.ok ? ok(server) : asked;
  },
  mirror: async (hash, server) => {
    const token = await signToken(ports.sign, server, { verb: 'upload', hashes: [hash] }, ports.now());
    if (!token.ok) return token;
    const asked = await ask(ports, '/api/media/mirror', { server, hash, token: token.value.header });
    return asked.ok ? ok(undefined) : asked;
  },
});

const ask = async (
  { fetch, city }: MirroringPorts,
  path: string,
  body: Readonly<Record<string, string>>,
): Promise<Result<undefined, MirrorFailure>> => {
  try {
    const response = await fetch(new URL(path, city).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.ok) return ok(undefined);
    const said: unknown = await response.json().catch(() => undefined);
    const words = isRecord(said) && typeof said['message'] === 'string' ? said['message'] : '';
    return fail('rejected', displayLine(words, WORDS) || `The city said no (${response.status}).`);
  } catch (cause) {
    return fail('unreachable', 'The city did not answer.', cause);
  }
};
