/** Appends with two eyes open: whether the disk is full, and whether the log's being there is noted. */
import { isFullDisk } from '../../store/disk/full-disk.ts';
import type { LocalEvent } from '../../store/local-events.ts';
import type { AppendReport } from '../../store/store.ts';

export interface AppendingPorts {
  append(events: readonly LocalEvent[]): Promise<AppendReport>;
  /** After each append that wrote something. */
  appended(): Promise<void>;
  /** The disk is full, or not any more. */
  fullChanged(): void;
}

export class Appending {
  readonly #ports: AppendingPorts;
  #isFull = false;

  constructor(ports: AppendingPorts) {
    this.#ports = ports;
  }

  /** True from an append that found no space to the next one that does. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Throws what the disk throws; nothing of it is kept then. */
  readonly append = async (events: readonly LocalEvent[]): Promise<AppendReport> => {
    try {
      const report = await this.#ports.append(events);
      this.#setFull(false);
      if (report.appended > 0)
        this.#ports.appended().catch((cause: unknown) => console.error('Not noted', cause));
      return report;
    } catch (cause) {
      if (isFullDisk(cause)) this.#setFull(true);
      throw cause;
    }
  };

  #setFull(isFull: boolean): void {
    if (this.#isFull === isFull) return;
    this.#isFull = isFull;
    this.#ports.fullChanged();
  }
}
