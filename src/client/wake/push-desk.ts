/**
 * Web Push for one profile on this device: asks the browser for an address, tells the city what may wake it, keeps both up to date,
 * and takes both back. One a page.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import { parsePushKey, parsePushRefusal, PUSH_PATH, PUSH_TEST_PATH } from '#protocol/push.ts';
import type { PushAddress, PushRequest, PushWant } from '#protocol/push.ts';
import { bytesToHex } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { DAY } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { Signer } from '../keys/signer.ts';
import { makeWakeTag } from '../store/profiles/wake-mark.ts';

/** What the browser gave: an address, and the city's key that it was given for (base64url). */
export interface HeldAddress {
  readonly address: PushAddress;
  readonly key: string | undefined;
}

export type Permission = 'granted' | 'denied' | 'default' | 'unsupported';

/** The machine. What throws is told as the browser's own words. */
export interface PushPorts {
  permission(): Permission;
  /** Asks the person; only after they pressed something. */
  ask(): Promise<Permission>;
  current(): Promise<HeldAddress | undefined>;
  subscribe(key: string): Promise<HeldAddress>;
  drop(): Promise<void>;
  /** Throws when the city cannot be reached. */
  request(wish: {
    readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
    readonly path: string;
    readonly body?: string;
    readonly authorization?: string;
  }): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Whose desk it is. */
export interface PushOwner {
  /** Durable JSON of this profile. */
  readonly memory: { read(): Promise<unknown>; write(value: unknown): Promise<void> };
  /** Keeps the name by which the city wakes the profile where a locked one shows it too. */
  noteTag(tag: string | undefined): Promise<void>;
  /** The profile of this browser that told the city last: they share one address. */
  readonly lastTag: { get(): string | undefined; set(tag: string | undefined): void };
  /** Undefined while nobody is signed in, or the key is locked. */
  signer(): Signer | undefined;
  /** The city's, without a slash at its end. */
  readonly origin: string;
  readonly clock: Clock;
}

/**
 * `denied`, `dismissed`: the person, or what they set before; `unsupported`: this browser; `no-account`: nobody can sign; `browser`: no
 * address, in its words; `unreachable`, `refused`: the city, in its words; `service`: the browser's push service, to the city.
 */
export type PushFailure = Failure<
  'denied' | 'dismissed' | 'unsupported' | 'no-account' | 'browser' | 'unreachable' | 'refused' | 'service'
>;
type Done = Promise<Result<true, PushFailure>>;

interface Kept {
  readonly on: boolean;
  readonly tag?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Unix seconds. */
  readonly at?: number | undefined;
  readonly wants?: string | undefined;
}

/** How things stand, for the self-test. */
export interface PushFacts {
  readonly isOn: boolean;
  readonly permission: Permission;
  /** The push service's host. */
  readonly host: string | undefined;
  /** When the city took the address, Unix seconds. */
  readonly toldAt: number | undefined;
}

const parseKept = (value: unknown): Kept => {
  if (!isRecord(value)) return { on: false };
  const { on, tag, endpoint, at, wants } = value;
  const text = (field: unknown): string | undefined => (typeof field === 'string' ? field : undefined);
  return {
    on: on === true,
    tag: typeof tag === 'string' && /^[0-9a-f]{32}$/.test(tag) ? tag : undefined,
    endpoint: text(endpoint),
    at: Number.isSafeInteger(at) ? (at as number) : undefined,
    wants: text(wants),
  };
};

const digestOf = (wants: readonly PushWant[]): string =>
  bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(wants))));
const refusalIn = (body: unknown): Result<never, PushFailure> => {
  const { code, message } = parsePushRefusal(body);
  return fail(code === 'push-service' ? 'service' : 'refused', message);
};
const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

export class PushDesk {
  readonly #ports: PushPorts;
  readonly #owner: PushOwner;
  #last: Promise<unknown> = Promise.resolve();
  /** As read last: when a profile is being erased its memory is gone already. */
  #tag: string | undefined;

  constructor(ports: PushPorts, owner: PushOwner) {
    this.#ports = ports;
    this.#owner = owner;
  }

  async facts(): Promise<PushFacts> {
    const kept = await this.#kept();
    const held = await this.#ports.current().catch(() => undefined);
    return {
      isOn: kept.on,
      permission: this.#ports.permission(),
      host: held && new URL(held.address.endpoint).host,
      toldAt: kept.on && kept.endpoint === held?.address.endpoint ? kept.at : undefined,
    };
  }

  /** Asks the person if need be; afterwards the city wakes this device for these wants. */
  turnOn(wants: readonly PushWant[]): Done {
    return this.#alone(async () => {
      const allowed = await this.#allowed();
      if (!allowed.ok) return allowed;
      const kept = await this.#kept();
      const told = await this.#tell({ ...kept, on: true, tag: kept.tag ?? makeWakeTag() }, wants, true);
      if (!told.ok && told.error.code !== 'unreachable') return told;
      // The city is told once it can be reached: the wish counts.
      if (!told.ok) await this.#keep({ ...kept, on: true, at: undefined });
      return told;
    });
  }

  /** Tells the city anew where something has changed, or a day has gone by. Asks nobody. */
  keepUp(wants: readonly PushWant[]): Done {
    return this.#alone(async () => {
      const kept = await this.#kept();
      if (!kept.on) return ok(true);
      const permission = this.#ports.permission();
      if (permission !== 'granted') return fail('denied', 'The browser does not allow it any more.');
      const held = await this.#ports.current().catch(() => undefined);
      const isFresh = kept.at !== undefined && this.#owner.clock.now() - kept.at < DAY;
      const isSame =
        held?.address.endpoint === kept.endpoint &&
        kept.wants === digestOf(wants) &&
        this.#owner.lastTag.get() === kept.tag;
      if (held && isFresh && isSame) return ok(true);
      return this.#tell({ ...kept, tag: kept.tag ?? makeWakeTag() }, wants, !held || !isFresh);
    });
  }

  /** Takes the address back, here and from the city. A city that cannot be told finds out by itself. */
  turnOff(): Promise<void> {
    return this.#alone(async () => {
      const { tag, endpoint } = await this.#kept();
      if (endpoint !== undefined)
        await this.#signed('DELETE', PUSH_PATH, { endpoint }).catch(() => undefined);
      await this.forget();
      await this.#owner.noteTag(undefined);
      await this.#keep({ on: false, tag });
    });
  }

  /** Gives this profile's address back to the browser and tells nobody: for a profile that is being erased. */
  async forget(): Promise<void> {
    if (this.#tag === undefined || this.#owner.lastTag.get() !== this.#tag) return;
    this.#owner.lastTag.set(undefined);
    await this.#ports.drop().catch(() => undefined);
  }

  /** Has the city send this device a push that says it is a test. `service` has what the push service said to it. */
  test(): Done {
    return this.#alone(async () => {
      const { endpoint } = await this.#kept();
      if (endpoint === undefined) return fail('refused', 'This device has no address yet.');
      return this.#signed('POST', PUSH_TEST_PATH, { endpoint });
    });
  }

  async #allowed(): Done {
    const before = this.#ports.permission();
    const permission = before === 'default' ? await this.#ports.ask() : before;
    if (permission === 'granted') return ok(true);
    if (permission === 'unsupported') return fail('unsupported', 'This browser cannot do it.');
    return permission === 'denied'
      ? fail('denied', 'The browser does not allow it.')
      : fail('dismissed', 'The person has not decided.');
  }

  async #tell(kept: Kept & { readonly tag: string }, wants: readonly PushWant[], asksKey: boolean): Done {
    const held = await this.#address(asksKey);
    if (!held.ok) return held;
    const { tag } = kept;
    const request: PushRequest = { subscription: held.value.address, tag, wants };
    // Before the city can wake it, the device knows whom for.
    await this.#owner.noteTag(tag);
    // Cut off after the city has heard it, nobody may believe that it still knows what it knew before.
    await this.#keep({ ...(await this.#kept()), tag, wants: undefined });
    const told = await this.#signed('PUT', PUSH_PATH, request);
    if (!told.ok) return told;
    this.#owner.lastTag.set(tag);
    const { endpoint } = held.value.address;
    await this.#keep({ on: true, tag, endpoint, at: this.#owner.clock.now(), wants: digestOf(wants) });
    return told;
  }

  /** The browser's address for the city's present key; another key means another address. */
  async #address(asksKey: boolean): Promise<Result<HeldAddress, PushFailure>> {
    const held = await this.#ports.current().catch(() => undefined);
    if (held && !asksKey) return ok(held);
    const key = await this.#cityKey();
    if (!key.ok) return key;
    if (held?.key === key.value) return ok(held);
    try {
      if (held) await this.#ports.drop();
      return ok(await this.#ports.subscribe(key.value));
    } catch (cause) {
      return fail('browser', wordsOf(cause), cause);
    }
  }

  async #cityKey(): Promise<Result<string, PushFailure>> {
    try {
      const { status, body } = await this.#ports.request({ method: 'GET', path: PUSH_PATH });
      const key = status === 200 ? parsePushKey(body) : undefined;
      return key?.ok ? key : fail('refused', parsePushRefusal(body).message);
    } catch (cause) {
      return fail('unreachable', wordsOf(cause), cause);
    }
  }

  async #signed(method: 'PUT' | 'POST' | 'DELETE', path: string, value: unknown): Done {
    const signer = this.#owner.signer();
    if (!signer) return fail('no-account', 'Nobody is here who could sign.');
    const body = JSON.stringify(value);
    const draft = makeHttpAuth({ url: this.#owner.origin + path, method, body });
    const event = await signer.sign({ ...draft, created_at: this.#owner.clock.now() });
    if (!event.ok) return fail('no-account', event.error.message);
    try {
      const authorization = encodeHttpAuth(event.value);
      const answer = await this.#ports.request({ method, path, body, authorization });
      return answer.status < 300 ? ok(true) : refusalIn(answer.body);
    } catch (cause) {
      return fail('unreachable', wordsOf(cause), cause);
    }
  }

  async #kept(): Promise<Kept> {
    const kept = parseKept(await this.#owner.memory.read());
    this.#tag = kept.tag;
    return kept;
  }

  #keep(kept: Kept): Promise<void> {
    this.#tag = kept.tag;
    return this.#owner.memory.write(kept);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
