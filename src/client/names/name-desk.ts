/** Names at the city's door: whose an address is, and one's own name of this city (NIP-05, NIP-98). */
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import { NAME_CHECK_PATH, ownerIn, parseNameAddress, parseNameCheck } from '#protocol/names/addresses.ts';
import type { NameOwner } from '#protocol/names/addresses.ts';
import { NAME_REFUSALS, NAMES_PATH, WELL_KNOWN_PATH } from '#protocol/names/names.ts';
import type { NameRefusal } from '#protocol/names/names.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

export interface NameDeskPorts {
  /** The page's own; no other server is ever asked. */
  readonly fetch: typeof fetch;
  /** Where the city lies. */
  readonly origin: string;
  readonly sign: (draft: Draft) => Promise<Result<NostrEvent, Failure>>;
}

/** `unreachable`: the city or the other side is silent; `malformed`: no address; `busy`: later. */
export type LookupFailure = Failure<'unreachable' | 'malformed' | 'busy'>;
/** The city's own refusals, and those of a key that does not sign or a city that does not answer. */
export type NameFailure = NameRefusal | Failure<'no-account' | 'refused'>;

/** One's name of this city, and the address that goes into a profile. */
export interface OwnName {
  readonly name: string;
  readonly address: string;
}

const LATER: ReadonlySet<number> = new Set([429, 503]);

const parseOwn = (value: unknown): OwnName | undefined => {
  if (!isRecord(value)) return undefined;
  const { name, address } = value;
  return typeof name === 'string' && typeof address === 'string' ? { name, address } : undefined;
};

const refusalIn = (value: unknown): NameFailure => {
  const { code, message } = isRecord(value) ? value : {};
  return typeof code === 'string' && Object.hasOwn(NAME_REFUSALS, code) && typeof message === 'string'
    ? { code: code as NameRefusal['code'], message }
    : { code: 'unreachable', message: 'the city does not answer as it should' };
};

/** The door as a page of this city uses it. Nothing here throws. */
export class NameDesk {
  readonly #ports: NameDeskPorts;

  constructor(ports: NameDeskPorts) {
    this.#ports = ports;
  }

  /** Whose address it is; undefined: nobody's. The city asks other servers, so that they never see who wants to know. */
  async ownerOf(text: string): Promise<Result<NameOwner | undefined, LookupFailure>> {
    const address = parseNameAddress(text);
    if (!address.ok) return address;
    try {
      const query = new URLSearchParams({ address: address.value.text }).toString();
      const response = await this.#ports.fetch(`${NAME_CHECK_PATH}?${query}`);
      if (LATER.has(response.status)) return fail('busy', 'the city is asked too much just now');
      const check = response.ok ? parseNameCheck(await response.json()) : undefined;
      return check ? ok(check.owner) : fail('unreachable', 'the other city does not say whose name this is');
    } catch (cause) {
      return fail('unreachable', 'the city could not be reached', cause);
    }
  }

  /** Whose name of this city it is; undefined: nobody's. */
  async holderOf(name: string): Promise<Result<string | undefined, LookupFailure>> {
    try {
      const response = await this.#ports.fetch(`${WELL_KNOWN_PATH}?name=${encodeURIComponent(name)}`);
      if (LATER.has(response.status)) return fail('busy', 'the city is asked too much just now');
      return response.ok
        ? ok(ownerIn(await response.json(), name)?.pubkey)
        : fail('unreachable', 'the city does not answer as it should');
    } catch (cause) {
      return fail('unreachable', 'the city could not be reached', cause);
    }
  }

  /** The name that one has here; undefined: none. */
  async own(): Promise<Result<OwnName | undefined, NameFailure>> {
    const answer = await this.#signed(NAMES_PATH, 'GET');
    return answer.ok ? ok(parseOwn(answer.value)) : answer;
  }

  /** Takes a name; the one before is free. */
  async claim(name: string): Promise<Result<OwnName, NameFailure>> {
    const answer = await this.#signed(`${NAMES_PATH}/${encodeURIComponent(name)}`, 'PUT');
    if (!answer.ok) return answer;
    const own = parseOwn(answer.value);
    return own ? ok(own) : fail('unreachable', 'the city does not answer as it should');
  }

  /** Gives a name of one's own back. */
  async free(name: string): Promise<Result<unknown, NameFailure>> {
    return this.#signed(`${NAMES_PATH}/${encodeURIComponent(name)}`, 'DELETE');
  }

  async #signed(path: string, method: string): Promise<Result<unknown, NameFailure>> {
    const { fetch: ask, origin, sign } = this.#ports;
    const signed = await sign(makeHttpAuth({ url: `${origin}${path}`, method }));
    if (!signed.ok)
      return fail(signed.error.code === 'no-account' ? 'no-account' : 'refused', signed.error.message);
    try {
      const response = await ask(path, { method, headers: { authorization: encodeHttpAuth(signed.value) } });
      if (response.status === 204) return ok(undefined);
      const value: unknown = await response.json();
      return response.ok ? ok(value) : { ok: false, error: refusalIn(value) };
    } catch (cause) {
      return fail('unreachable', 'the city could not be reached', cause);
    }
  }
}
