/** The vault: keeps the person's key on this device, sealed; gives it out for the passphrase, or at once while staying signed in. */
import { fail } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { formatBunkerAddress, parseBunkerAddress } from '../bunker-address.ts';
import type { BunkerAddress } from '../bunker-address.ts';
import { countAttempt, noAttempts, waitOf } from '../../store/seal/attempts.ts';
import { openOnDevice, sealOnDevice } from './device-lock.ts';
import { parseVaultRecord } from './record.ts';
import type { DeviceRecord, VaultRecord } from './record.ts';
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

/** One device's vault. Calls follow each other; every write is whole or not at all. */
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

  /** What is here, with the secret where the person stays signed in. */
  load(): Promise<Held> {
    return this.#inTurn(async (): Promise<Held> => {
      const record = await this.#record();
      if (!record) return { kind: 'nothing' };
      const { pubkey } = record;
      if (record.kind === 'extension') return { kind: 'extension', pubkey };
      if (record.kind === 'device') {
        const secret = record.open && (await openOnDevice(record.open, pubkey));
        return { kind: 'device', pubkey, ...(secret ? { secret } : {}) };
      }
      const own = await openOnDevice(record.own, pubkey);
      const address = parseBunkerAddress(record.address);
      return own && address.ok
        ? { kind: 'bunker', pubkey, address: address.value, own }
        : { kind: 'nothing' };
    });
  }

  /** Keeps a key under a passphrase, in place of whatever was here. Durable when it resolves. */
  keepKey(pubkey: string, secret: Uint8Array, passphrase: string, stay: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const ncryptsec = await this.#sealer.seal(secret, passphrase);
      await this.#keep(pubkey, secret, ncryptsec, stay);
    });
  }

  /** Keeps a key whose sealed form is known already (a recovery file's). */
  keepSealed(pubkey: string, secret: Uint8Array, ncryptsec: string, stay: boolean): Promise<void> {
    return this.#inTurn(() => this.#keep(pubkey, secret, ncryptsec, stay));
  }

  /** Remembers that an extension holds the key. */
  keepExtension(pubkey: string): Promise<void> {
    return this.#inTurn(() => this.#write({ v: 1, kind: 'extension', pubkey }));
  }

  /** Remembers a remote signer and this device's half of the conversation. The address's one-time secret is left out. */
  keepBunker(pubkey: string, { secret: _, ...address }: BunkerAddress, own: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const sealed = await sealOnDevice(own, pubkey);
      await this.#write({ v: 1, kind: 'bunker', pubkey, address: formatBunkerAddress(address), own: sealed });
    });
  }

  /** The secret for the passphrase. Every try costs the same work; from the fifth wrong one on there is a growing wait. */
  unlock(passphrase: string, stay: boolean): Promise<Result<Uint8Array, UnlockFailure>> {
    return this.#inTurn(async () => {
      const secret = await this.#open(passphrase);
      const record = await this.#record();
      if (secret.ok && record?.kind === 'device')
        await this.#keep(record.pubkey, secret.value, record.ncryptsec, stay);
      return secret;
    });
  }

  /** The secret for the passphrase, leaving locked what is locked: for showing it, with the same limits as `unlock`. */
  reveal(passphrase: string): Promise<Result<Uint8Array, UnlockFailure>> {
    return this.#inTurn(() => this.#open(passphrase));
  }

  /** Forgets the way in without the passphrase, until `unlock`. */
  lock(): Promise<void> {
    return this.#inTurn(async () => {
      const record = await this.#record();
      if (record?.kind === 'device') await this.#write(closed(record));
    });
  }

  /** Turns staying signed in on (the secret must be at hand) or off. */
  stay(secret: Uint8Array | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const record = await this.#record();
      if (record?.kind !== 'device') return;
      const open = secret && (await sealOnDevice(secret, record.pubkey));
      await this.#write({ ...closed(record), ...(open ? { open } : {}) });
    });
  }

  /** The sealed key for a recovery file; undefined when the key is not on this device. */
  sealedKey(): Promise<string | undefined> {
    return this.#inTurn(async () => {
      const record = await this.#record();
      return record?.kind === 'device' ? record.ncryptsec : undefined;
    });
  }

  /** True while the device opens without the passphrase. */
  isStaying(): Promise<boolean> {
    return this.#inTurn(async () => {
      const record = await this.#record();
      return record !== undefined && (record.kind !== 'device' || record.open !== undefined);
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

  async #keep(pubkey: string, secret: Uint8Array, ncryptsec: string, stay: boolean): Promise<void> {
    const record: DeviceRecord = { v: 1, kind: 'device', pubkey, ncryptsec, attempts: noAttempts };
    await this.#write(stay ? { ...record, open: await sealOnDevice(secret, pubkey) } : record);
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

const closed = ({ open: _, ...record }: DeviceRecord): DeviceRecord => record;
