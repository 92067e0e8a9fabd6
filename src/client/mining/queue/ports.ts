/** What the queue of work needs of the machine. */
import type { UnsignedEvent } from '#protocol/event.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { Miner } from '../miner.ts';
import type { WorkItem } from './work-item.ts';

/** Durable JSON of this device, shared by all tabs. May throw: a full disk. */
export interface WorkMemory {
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}

/** Locks among all tabs of the origin: `navigator.locks`. */
export interface WorkLocks {
  /** Runs the work once nobody else holds the name, and holds it meanwhile. */
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Takes a name until released or until the page ends. Undefined where another tab has it and `wait` is false. */
  claim(name: string, wait: boolean): Promise<(() => void) | undefined>;
}

/** Tells the other tabs that the list has changed. */
export interface WorkNews {
  tell(): void;
  /** Hears the others; returns the way to stop. */
  hear(changed: () => void): () => void;
}

/** Whether the device hangs on a cable. */
export interface Power {
  /** Undefined where the browser does not say. */
  readonly charging: boolean | undefined;
  watch(changed: () => void): () => void;
}

/**
 * `locked`: nobody is here who could sign it now, so it waits for `wake`; anything else waits for the person's hand.
 */
export type DeliveryFailure = Failure<'locked' | 'refused' | 'unreachable' | 'changed' | 'storage'>;

/** Why a piece of work did not end as it should. */
export type WorkFailure = Failure<DeliveryFailure['code'] | 'cancelled' | 'impossible' | 'worker'>;

export interface QueuePorts<Delivered> {
  readonly miner: Pick<Miner, 'mine'>;
  readonly memory: WorkMemory;
  readonly locks: WorkLocks;
  readonly news: WorkNews;
  readonly power: Power;
  readonly clock: Clock;
  /** The person's wish: work only while the device charges. */
  readonly onlyWhileCharging: () => boolean;
  /**
   * Signs and sends finished work. The queue may ask again after a reload: the same event must be the same event then.
   * Must not send once the signal is aborted.
   */
  deliver(
    event: UnsignedEvent,
    item: WorkItem,
    signal: AbortSignal,
  ): Promise<Result<Delivered, DeliveryFailure>>;
}
