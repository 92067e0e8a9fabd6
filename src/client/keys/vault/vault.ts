/**
 * The vault: how the person signs on this device, in the profile's sealed store. Whoever has the profile open has the key; showing
 * it takes the passphrase.
 */
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { fail } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { countAttempt, noAttempts, waitOf } from '../../store/seal/attempts.ts';
import { formatBunkerAddress, parseBunkerAddress } from '../bunker-address.ts';
import type { BunkerAddress } from '../bunker-address.ts';
import { parseVaultRecord } from './record.ts';
import type { VaultRecord } from './record.ts';
import type { OpenFailure, Sealer } from './seal.ts';

/** Where the one record lies; the engine's meta, or a variable in tests. */
export interface VaultPort {
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}

/** `wait`: too many wrong tries, `cause` is the milliseconds to wait; `empty`: no key on this device. */
export type UnlockFailure = Failure<OpenFailure['code'] | 'wait' | 'empty'>;

/** What the vault holds at the start of a page. */
export type Held =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'device'; readonly pubkey: string; readonly secret?: Uint8Array }
  | { readonly kind: 'extension'; readonly pubkey: string }
  | {
      readonly kind: 'bunker';
      readonly pubkey: string;
      readonly address: BunkerAddress;
      readonly own: Uint8Array;
    };

export interface VaultOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** One profile's vault. Calls follow each other; every write is whole or not at all. */
export class Vault {
  readonly #port: VaultPort;
  readonly #sealer: Sealer;
  readonly #now: () => number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(port: VaultPort, sealer: Sealer, { now = Date.now }: VaultOptions = {}) {
    this.#port = port;
    this.#sealer = sealer;
    this.#now = now;
  }

  /** What is here; a device's key comes without its secret where only the passphrase gives it. */
  load(): Promise<Held> {
    return this.#inTurn(async (): Promise<Held> => {
      const record = await this.#record();
      if (!record) return { kind: 'nothing' };
      const { pubkey } = record;
      if (record.kind === 'extension') return { kind: 'extension', pubkey };
      if (record.kind === 'device') {
        const secret = record.secret === undefined ? undefined : parseHex(record.secret);
        return { kind: 'device', pubkey, ...(secret?.ok ? { secret: secret.value } : {}) };
      }
      const own = parseHex(record.own);
      const address = parseBunkerAddress(record.address);
      return own.ok && address.ok
        ? { kind: 'bunker', pubkey, address: address.value, own: own.value }
        : { kind: 'nothing' };
    });
  }

  /** Keeps a key, and under a passphrase for its recovery file, in place of whatever was here. Durable when it resolves. */
  keepKey(pubkey: string, secret: Uint8Array, passphrase: string): Promise<void> {
    return this.#inTurn(async () => {
      const ncryptsec = await this.#sealer.seal(secret, passphrase);
      await this.#keep(pubkey, secret, ncryptsec);
    });
  }

  /** Keeps a key whose sealed form is known already (a recovery file's). */
  keepSealed(pubkey: string, secret: Uint8Array, ncryptsec: string): Promise<void> {
    return this.#inTurn(() => this.#keep(pubkey, secret, ncryptsec));
  }

  /** Remembers that an extension holds the key. */
  keepExtension(pubkey: string): Promise<void> {
    return this.#inTurn(() => this.#write({ v: 2, kind: 'extension', pubkey }));
  }

  /** Remembers a remote signer and this device's half of the conversation. The address's one-time secret is left out. */
  keepBunker(pubkey: string, { secret: _, ...address }: BunkerAddress, own: Uint8Array): Promise<void> {
    return this.#inTurn(() =>
      this.#write({
        v: 2,
        kind: 'bunker',
        pubkey,
        address: formatBunkerAddress(address),
        own: bytesToHex(own),
      }),
    );
  }

  /** The secret for the passphrase, kept from now on. Every try costs the same work; from the fifth wrong one on there is a growing wait. */
  unlock(passphrase: string): Promise<Result<Uint8Array, UnlockFailure>> {
    return this.#inTurn(async () => {
      const secret = await this.#open(passphrase);
      const record = await this.#record();
      if (secret.ok && record?.kind === 'device')
        await this.#keep(record.pubkey, secret.value, record.ncryptsec);
      return secret;
    });
  }

  /** The secret for the passphrase, with the same limits as `unlock`: for showing it. */
  reveal(passphrase: string): Promise<Result<Uint8Array, UnlockFailure>> {
    return this.#inTurn(() => this.#open(passphrase));
  }

  /** Another passphrase for the key's sealed form; recovery files saved before keep theirs. False when the key is not open here. */
  reseal(passphrase: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const record = await this.#record();
      const secret = record?.kind === 'device' && record.secret ? parseHex(record.secret) : undefined;
      if (record?.kind !== 'device' || !secret?.ok) return false;
      await this.#write({ ...record, ncryptsec: await this.#sealer.seal(secret.value, passphrase) });
      return true;
    });
  }

  /** The sealed key for a recovery file; undefined when the key is not on this device. */
  sealedKey(): Promise<string | undefined> {
    return this.#inTurn(async () => {
      const record = await this.#record();
      return record?.kind === 'device' ? record.ncryptsec : undefined;
    });
  }

  /** Forgets everything. */
  forget(): Promise<void> {
    return this.#inTurn(() => this.#port.write(undefined));
  }

  async #open(passphrase: string): Promise<Result<Uint8Array, UnlockFailure>> {
    const record = await this.#record();
    if (record?.kind !== 'device') return fail('empty', 'There is no key on this device.');
    const wait = waitOf(record.attempts, this.#now());
    if (wait > 0) return fail('wait', 'Too many wrong tries. Wait a little.', wait);
    await this.#write({ ...record, attempts: countAttempt(record.attempts, this.#now()) });
    const opened = await this.#sealer.open(record.ncryptsec, passphrase);
    if (opened.ok) await this.#write({ ...record, attempts: noAttempts });
    return opened;
  }

  #keep(pubkey: string, secret: Uint8Array, ncryptsec: string): Promise<void> {
    return this.#write({
      v: 2,
      kind: 'device',
      pubkey,
      ncryptsec,
      attempts: noAttempts,
      secret: bytesToHex(secret),
    });
  }

  async #record(): Promise<VaultRecord | undefined> {
    return parseVaultRecord(await this.#port.read());
  }

  #write(record: VaultRecord): Promise<void> {
    return this.#port.write(record);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
