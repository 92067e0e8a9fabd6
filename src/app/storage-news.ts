/** What the shell says of this device's storage, wherever the person is: it is full, it was emptied, a backup would be good. */
import type { Engine } from '#client/engine/engine.ts';
import { reminderOf } from '#features/settings/index.ts';
import { m } from '#messages/paraglide/messages.js';
import type { ToastQueue } from '#ui/notices/toasts.svelte.ts';

const A_WHILE = 20_000; // ms
const LONG = 600_000; // ms
/** Kept on this device: when a reminder was shown last, in Unix seconds. */
const REMINDED = 'backup reminder';

export interface StorageNewsPorts {
  readonly engine: Pick<Engine, 'upkeep' | 'readMeta' | 'writeMeta'>;
  readonly toasts: Pick<ToastQueue, 'show' | 'dismiss'>;
  /** Shows the storage settings. */
  readonly go: () => void;
  /** Unix seconds. */
  readonly now: () => number;
}

export class StorageNews {
  readonly #ports: StorageNewsPorts;
  #full: number | undefined;

  constructor(ports: StorageNewsPorts) {
    this.#ports = ports;
  }

  /** The device has no space left, or has some again. */
  setFull(isFull: boolean): void {
    const { toasts, go } = this.#ports;
    if (isFull === (this.#full !== undefined)) return;
    if (this.#full !== undefined) toasts.dismiss(this.#full);
    this.#full = isFull
      ? toasts.show({
          text: m.settings_full_words(),
          tone: 'danger',
          undo: go,
          undoLabel: m.settings_full_see(),
          timeout: LONG,
        })
      : undefined;
  }

  /** Says it when the browser has thrown away what was kept, until the person knows. */
  async tellEviction(): Promise<void> {
    const { engine, toasts, go } = this.#ports;
    if (!(await engine.upkeep.health()).eviction) return;
    const undoLabel = m.settings_evicted_see();
    toasts.show({ text: m.settings_evicted_short(), tone: 'danger', undo: go, undoLabel, timeout: LONG });
  }

  /** Reminds somebody with an account of a backup, if it is time. */
  async remind(hasAccount: boolean): Promise<void> {
    const { engine, toasts, go, now } = this.#ports;
    const health = await engine.upkeep.health();
    const remindedAt = await engine.readMeta(REMINDED);
    const reminder = reminderOf(health, { hasAccount, remindedAt, now: now() });
    if (!reminder) return;
    await engine.writeMeta(REMINDED, now());
    const text = reminder === 'first' ? m.settings_remind_first() : m.settings_remind_old();
    toasts.show({ text, undo: go, undoLabel: m.settings_remind_do(), timeout: A_WHILE });
  }
}
