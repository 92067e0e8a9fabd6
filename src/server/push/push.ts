/** The city's Web Push, wired: door, register, watch, waker, sender. */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '#shared/time.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import type { Database } from '../db/database.ts';
import type { Answer } from '../http/answer.ts';
import type { Metric } from '../telemetry/metrics.ts';
import type { Access } from '../relay/access.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import { PushDoor } from './door.ts';
import type { DoorRates } from './door.ts';
import { GuardedPost } from './guarded-post.ts';
import type { Resolve } from '../outbound/guard.ts';
import { PushRegister } from './register.ts';
import type { Device } from './register.ts';
import { canEncryptTo, makeSender } from './sender.ts';
import type { Outcome } from './sender.ts';
import type { VapidKeys } from './vapid.ts';
import { Waker } from './waker.ts';
import type { WakePace } from './waker.ts';
import { PushWatch } from './watch.ts';

/** What tests hand in; production takes the defaults. */
export interface PushOptions {
  readonly pace?: WakePace;
  readonly rates?: DoorRates;
  readonly resolve?: Resolve;
}

export interface PushPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly verifier: Verifier;
  readonly access: Access;
  readonly publicUrl: () => URL;
  /** `PUSH_LOCAL`. */
  readonly local: boolean;
  readonly log: Log;
  /** Hears that this process changed who wants to be woken. */
  readonly onChange: () => void;
  readonly keys: VapidKeys;
  readonly options?: PushOptions;
}

export interface CityPush {
  /** Answers `/api/push` and `/api/push/test`; undefined for every other path. */
  handle(request: IncomingMessage, path: string): Promise<Answer> | undefined;
  /** Hears every committed event. */
  deliver(events: readonly NostrEvent[]): void;
  metrics(): readonly Metric[];
  /** Reads who wants to be woken, at the start and whenever another process changed it. Throws on I/O. */
  load(): Promise<void>;
  /** Forgets all devices of a key. Throws on I/O. */
  forget(pubkey: string): Promise<void>;
  /** Wakes whoever is due, for a moment, and stops. */
  close(): Promise<void>;
}

interface Counters {
  sent: number;
  failed: number;
  removed: number;
}

const metricsOf = (register: PushRegister, { sent, failed, removed }: Counters): Metric[] => [
  { name: 'push_subscriptions', help: 'Devices to wake.', type: 'gauge', value: register.size },
  { name: 'push_wakes_sent_total', help: 'Wakes that a push service took.', type: 'counter', value: sent },
  { name: 'push_wakes_failed_total', help: 'Wakes given up.', type: 'counter', value: failed },
  {
    name: 'push_subscriptions_removed_total',
    help: 'Devices that were forgotten because they could not be woken.',
    type: 'counter',
    value: removed,
  },
];

/** What an outcome means for the register; failures of the database are told without saying about whom. */
class Outcomes {
  readonly counters: Counters = { sent: 0, failed: 0, removed: 0 };
  #register: PushRegister;
  #log: Log;

  constructor(register: PushRegister, log: Log) {
    this.#register = register;
    this.#log = log;
  }

  note(device: Device, end: 'sent' | 'gone' | 'failed'): void {
    this.#write(device, end).catch((cause: unknown) =>
      this.#log.error('a wake could not be noted', causeOf(cause)),
    );
  }

  async #write(device: Device, end: 'sent' | 'gone' | 'failed'): Promise<void> {
    const { counters } = this;
    if (end === 'gone') counters.removed += await this.#register.removeEndpoint(device.address.endpoint);
    else if (end === 'sent') {
      counters.sent += 1;
      await this.#register.noteSuccess(device);
    } else {
      counters.failed += 1;
      if (await this.#register.noteFailure(device)) counters.removed += 1;
    }
  }
}

/** Opens the city's Web Push. */
export const openPush = (ports: PushPorts): CityPush => {
  const { db, clock, access, local, keys, options = {} } = ports;
  const post = new GuardedPost({ local, ...(options.resolve ? { resolve: options.resolve } : {}) });
  const senderPorts = { keys, post, publicUrl: ports.publicUrl };
  const send = makeSender(senderPorts);
  const watch = new PushWatch({ access, clock, wake: (devices) => waker.wake(devices) });
  const register = new PushRegister({
    db,
    clock,
    onWrite: ports.onChange,
    onChange: (device, change) => {
      if (change !== 'removed') return watch.watch(device);
      watch.unwatch(device);
      waker.forget(device);
    },
  });
  const outcomes = new Outcomes(register, ports.log);
  const waker: Waker = new Waker({
    send,
    onEnd: (device, end) => outcomes.note(device, end),
    ...(options.pace ? { pace: options.pace } : {}),
  });
  const test = async (device: Device): Promise<Outcome> => {
    const outcome = await send(device, { test: true });
    if (outcome.kind === 'gone') outcomes.note(device, 'gone');
    return outcome;
  };
  const door = new PushDoor({
    publicKey: keys.publicKey,
    register,
    clock,
    local,
    test,
    verifier: ports.verifier,
    log: ports.log,
    publicUrl: ports.publicUrl,
    checkEndpoint: (endpoint) => post.check(endpoint),
    canEncryptTo: (address) => canEncryptTo(senderPorts, address),
    ...(options.rates ? { rates: options.rates } : {}),
  });
  return {
    handle: (request, path) => door.handle(request, path),
    deliver: (events) => watch.deliver(events),
    metrics: () => [
      ...metricsOf(register, outcomes.counters),
      {
        name: 'push_wakes_waiting',
        help: 'Devices that wait to be woken.',
        type: 'gauge',
        value: waker.waiting,
      },
    ],
    load: () => register.load(),
    forget: (pubkey) => register.removeKey(pubkey),
    close: async () => {
      await waker.stop();
      await register.idle();
      post.close();
    },
  };
};
