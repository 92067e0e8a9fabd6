/** My devices: what they are called, when they were last here, which of them I have revoked. Sealed to myself. */
import { getPublicKey, generateSecretKey } from 'nostr-tools/pure';
import type { City } from '#client/city/city.ts';
import type { OwnValues } from '#client/own-values/own-values.ts';
import { ownValues } from '#client/own-values/tables.ts';
import type { OwnValueRow } from '#client/own-values/tables.ts';
import { bytesToHex, isHex64, parseHex } from '#shared/bytes.ts';
import { displayLine } from '#shared/text.ts';
import { HOUR } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { Live } from '#ui/live.svelte.ts';
import { NAME_MAX, parseDevices } from './devices.ts';
import type { DeviceRow } from './devices.ts';

export interface DeviceBookPorts {
  readonly city: Pick<City, 'part' | 'watch'>;
  readonly values: Pick<OwnValues, 'get' | 'set'>;
  /** Where this device keeps a key of its own. */
  readonly memory: { read(): Promise<unknown>; write(value: unknown): Promise<void> };
  readonly clock: Clock;
  /** What a browser calls itself. */
  readonly name: string;
  /** Another device has revoked this one. */
  readonly onrevoked: () => void;
}

export class DeviceBook {
  readonly #ports: DeviceBookPorts;
  #self = $state.raw<string>();
  #isLeaving = false;
  #live: Live<readonly OwnValueRow[]> | undefined;

  constructor(ports: DeviceBookPorts) {
    this.#ports = ports;
  }

  /** Reactive. */
  get all(): readonly DeviceRow[] {
    return parseDevices(this.#live?.value ?? [], this.#self);
  }

  /** Says that this device is here, and hears when it is revoked. Returns the way to stop. */
  start(): () => void {
    const { city } = this.#ports;
    const live = new Live(
      () => city.part(ownValues, { part: 'devices' }),
      (changed) =>
        city.watch([{ table: ownValues.name, part: 'devices' }], () => {
          changed();
          void this.#heed();
        }),
    );
    this.#live = live;
    void this.#appear();
    return () => live.stop();
  }

  /** Another name; an empty one is not taken. */
  async rename(id: string, name: string): Promise<void> {
    const kept = displayLine(name, NAME_MAX);
    if (kept !== '') await this.#ports.values.set('devices', `${id}:name`, kept);
  }

  /** That device wipes itself when it hears of it. */
  revoke(id: string): Promise<void> {
    return this.#ports.values.set('devices', `${id}:gone`, String(this.#ports.clock.now()));
  }

  async #appear(): Promise<void> {
    const { values, clock, name } = this.#ports;
    const id = await this.#ownId();
    this.#self = id;
    if (await this.#heed()) return;
    if ((await values.get('devices', `${id}:name`)) === undefined)
      await values.set('devices', `${id}:name`, name);
    const seen = Number((await values.get('devices', `${id}:seen`)) ?? 0);
    if (clock.now() - seen > HOUR) await values.set('devices', `${id}:seen`, String(clock.now()));
  }

  async #heed(): Promise<boolean> {
    const isGone =
      this.#self !== undefined &&
      (await this.#ports.values.get('devices', `${this.#self}:gone`)) !== undefined;
    if (isGone && !this.#isLeaving) {
      this.#isLeaving = true;
      this.#ports.onrevoked();
    }
    return isGone;
  }

  async #ownId(): Promise<string> {
    const kept = await this.#ports.memory.read();
    const known = isHex64(kept) ? parseHex(kept) : undefined;
    const secret = known?.ok ? known.value : generateSecretKey();
    if (!known?.ok) await this.#ports.memory.write(bytesToHex(secret));
    return getPublicKey(secret);
  }
}
