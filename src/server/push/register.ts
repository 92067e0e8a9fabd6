/** The devices that want to be woken: all in memory for matching, all in the database for the next start. */
import type { Selectable } from 'kysely';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { DAY, HOUR } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { PushAddress, PushRequest, PushWant } from '#protocol/push.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

/** One subscription: a device's endpoint for one key. Its wants and keys may be replaced; the object stays. */
export interface Device {
  readonly pubkey: string;
  address: PushAddress;
  tag: string;
  wants: readonly PushWant[];
  createdAt: number;
  /** Unix seconds; 0: never. */
  lastOk: number;
  /** Wakes that came to nothing since. */
  failures: number;
}

export const REGISTER_LIMITS = {
  /** Of one key. */
  devices: 20,
  /** Of one endpoint: profiles in one browser. */
  profiles: 10,
  all: 200_000,
  /** Failures in a row, and days since the last success, after which a device is forgotten. */
  failures: 10,
  silentFor: 7 * DAY,
} as const;

/** Success is written down once an hour at most. */
const NOTE_EVERY = HOUR;

export interface RegisterPorts {
  readonly db: Database;
  readonly clock: Clock;
  /** Hears of every device that comes, wants something else or goes. */
  readonly onChange: (device: Device, change: 'added' | 'changed' | 'removed') => void;
  /** Hears that this process wrote such a change down. */
  readonly onWrite: () => void;
}

type TooMany = Failure<'too-many'>;

type Row = Selectable<Tables['push_subscriptions']>;

/** What its owner asked for, to be compared. */
const wishesOf = ({ address, tag, wants }: Pick<Device, 'address' | 'tag' | 'wants'>): string =>
  JSON.stringify([address.keys.p256dh, address.keys.auth, tag, wants]);

const keyOf = (endpoint: string, pubkey: string): string => `${pubkey} ${endpoint}`;

export class PushRegister {
  #ports: RegisterPorts;
  #devices = new Map<string, Device>();
  #byKey = new Map<string, number>();
  #byEndpoint = new Map<string, Set<Device>>();
  #tail: Promise<unknown> = Promise.resolve();

  constructor(ports: RegisterPorts) {
    this.#ports = ports;
  }

  get size(): number {
    return this.#devices.size;
  }

  get(endpoint: string, pubkey: string): Device | undefined {
    return this.#devices.get(keyOf(endpoint, pubkey));
  }

  /** False once the device was removed. */
  has(device: Device): boolean {
    return this.get(device.address.endpoint, device.pubkey) === device;
  }

  /** Reads everything, also anew: another process of the city may have changed it. Throws on I/O. */
  load(): Promise<void> {
    return this.#alone(async () => {
      const rows = await this.#ports.db.selectFrom('push_subscriptions').selectAll().execute();
      const there = new Set(rows.map(({ endpoint, pubkey }) => keyOf(endpoint, pubkey)));
      for (const [key, device] of [...this.#devices]) if (!there.has(key)) this.#forget(device);
      for (const row of rows) this.#learn(row);
    });
  }

  /** Adds a device or replaces what it wants; fails with `too-many`. Throws on I/O. */
  put(pubkey: string, request: PushRequest): Promise<Result<Device, TooMany>> {
    return this.#alone(async () => {
      const { endpoint } = request.subscription;
      const known = this.get(endpoint, pubkey);
      const full = known ? undefined : this.#full(endpoint, pubkey);
      if (full !== undefined) return fail('too-many', full);
      await this.#write(pubkey, request);
      this.#ports.onWrite();
      return ok(known ? this.#replace(known, request) : this.#add(pubkey, request));
    });
  }

  /** Removes one; nothing happens when it isn't there. Throws on I/O. */
  remove(device: Device): Promise<void> {
    return this.#alone(async () => {
      const { pubkey, address } = device;
      await this.#ports.db
        .deleteFrom('push_subscriptions')
        .where('endpoint', '=', address.endpoint)
        .where('pubkey', '=', pubkey)
        .execute();
      this.#ports.onWrite();
      if (this.has(device)) this.#forget(device);
    });
  }

  /** The push service doesn't know the endpoint any more: all its profiles go; how many. Throws on I/O. */
  async removeEndpoint(endpoint: string): Promise<number> {
    const devices = [...(this.#byEndpoint.get(endpoint) ?? [])];
    for (const device of devices) await this.remove(device);
    return devices.length;
  }

  /** Forgets all devices of a key. Throws on I/O. */
  async removeKey(pubkey: string): Promise<void> {
    for (const device of [...this.#devices.values()]) if (device.pubkey === pubkey) await this.remove(device);
  }

  /** Writes a success down. Throws on I/O. */
  async noteSuccess(device: Device): Promise<void> {
    const now = this.#ports.clock.now();
    const due = device.failures > 0 || now - device.lastOk >= NOTE_EVERY;
    if (!due || !this.has(device)) return;
    device.failures = 0;
    device.lastOk = now;
    await this.#note(device);
  }

  /** Writes a failure down; true when the device failed for so long that it was forgotten. Throws on I/O. */
  async noteFailure(device: Device): Promise<boolean> {
    if (!this.has(device)) return false;
    device.failures += 1;
    const silent = this.#ports.clock.now() - Math.max(device.lastOk, device.createdAt);
    if (device.failures >= REGISTER_LIMITS.failures && silent >= REGISTER_LIMITS.silentFor) {
      await this.remove(device);
      return true;
    }
    await this.#note(device);
    return false;
  }

  /** Settles when everything asked for is written. */
  async idle(): Promise<void> {
    for (let seen: unknown; seen !== this.#tail;) await (seen = this.#tail);
  }

  #alone<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  #learn(row: Row): void {
    const { pubkey, endpoint, p256dh, auth, tag, wants, failures } = row;
    const device = this.get(endpoint, pubkey);
    const subscription = { endpoint, keys: { p256dh, auth } };
    if (!device) {
      const [createdAt, lastOk] = [row.created_at, row.last_ok ?? 0];
      return this.#keep({ pubkey, address: subscription, tag, wants, createdAt, lastOk, failures });
    }
    Object.assign(device, { lastOk: Math.max(device.lastOk, row.last_ok ?? 0), failures });
    const [known, read] = [wishesOf(device), wishesOf({ address: subscription, tag, wants })];
    if (known !== read) this.#replace(device, { subscription, tag, wants });
  }

  #full(endpoint: string, pubkey: string): string | undefined {
    const { devices, profiles, all } = REGISTER_LIMITS;
    if ((this.#byKey.get(pubkey) ?? 0) >= devices) return `a key has at most ${devices} devices here`;
    if ((this.#byEndpoint.get(endpoint)?.size ?? 0) >= profiles)
      return `a device has at most ${profiles} profiles here`;
    return this.#devices.size >= all ? 'the city wakes no more devices' : undefined;
  }

  async #write(pubkey: string, { subscription, tag, wants }: PushRequest): Promise<void> {
    const now = this.#ports.clock.now();
    const { endpoint, keys } = subscription;
    const changing = { tag, ...keys, wants: JSON.stringify(wants), updated_at: now, failures: 0 };
    await this.#ports.db
      .insertInto('push_subscriptions')
      .values({ endpoint, pubkey, created_at: now, ...changing })
      .onConflict((conflict) => conflict.columns(['endpoint', 'pubkey']).doUpdateSet(changing))
      .execute();
  }

  #note({ address, pubkey, lastOk, failures }: Device): Promise<unknown> {
    return this.#alone(() =>
      this.#ports.db
        .updateTable('push_subscriptions')
        .set({ last_ok: lastOk || null, failures })
        .where('endpoint', '=', address.endpoint)
        .where('pubkey', '=', pubkey)
        .execute(),
    );
  }

  #replace(device: Device, { subscription, tag, wants }: PushRequest): Device {
    Object.assign(device, { address: subscription, tag, wants, failures: 0 });
    this.#ports.onChange(device, 'changed');
    return device;
  }

  #add(pubkey: string, { subscription, tag, wants }: PushRequest): Device {
    const createdAt = this.#ports.clock.now();
    const device = { pubkey, address: subscription, tag, wants, createdAt, lastOk: 0, failures: 0 };
    this.#keep(device);
    return device;
  }

  #keep(device: Device): void {
    const { pubkey, address } = device;
    this.#devices.set(keyOf(address.endpoint, pubkey), device);
    this.#byKey.set(pubkey, (this.#byKey.get(pubkey) ?? 0) + 1);
    const profiles = this.#byEndpoint.get(address.endpoint);
    if (profiles) profiles.add(device);
    else this.#byEndpoint.set(address.endpoint, new Set([device]));
    this.#ports.onChange(device, 'added');
  }

  #forget(device: Device): void {
    const { pubkey, address } = device;
    this.#devices.delete(keyOf(address.endpoint, pubkey));
    const left = (this.#byKey.get(pubkey) ?? 0) - 1;
    if (left > 0) this.#byKey.set(pubkey, left);
    else this.#byKey.delete(pubkey);
    const profiles = this.#byEndpoint.get(address.endpoint);
    profiles?.delete(device);
    if (profiles?.size === 0) this.#byEndpoint.delete(address.endpoint);
    this.#ports.onChange(device, 'removed');
  }
}
