/** How much the city takes on this device, and whether the browser promised to keep it. */

/** The part of `navigator.storage` that is used; any of it may be missing. */
export interface StoragePort {
  estimate?(): Promise<{ usage?: number | undefined }>;
  persisted?(): Promise<boolean>;
  persist?(): Promise<boolean>;
}

/** The browser's own, or nothing where there is none (an insecure page). */
const browserStorage = (): StoragePort => globalThis.navigator?.storage ?? {};

export class DeviceStorage {
  /** Bytes; undefined where the browser doesn't say. */
  used = $state.raw<number | undefined>();
  /** Undefined where the browser doesn't say. */
  isPersisted = $state.raw<boolean | undefined>();
  /** The browser was asked to keep it and did not promise. */
  isDenied = $state(false);
  readonly #port: StoragePort;

  constructor(port: StoragePort = browserStorage()) {
    this.#port = port;
  }

  /** Asks anew. */
  async refresh(): Promise<void> {
    this.used = (await this.#port.estimate?.().catch(() => undefined))?.usage;
    this.isPersisted = await this.#port.persisted?.().catch(() => undefined);
  }

  /** Asks the browser to keep the data. */
  async keep(): Promise<void> {
    const promised = (await this.#port.persist?.().catch(() => false)) ?? false;
    this.isDenied = !promised;
    await this.refresh();
  }
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Bytes in the largest fitting unit, in the language's own way: "3.4 MB". */
export const sizeWords = (bytes: number, locale?: string): string => {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = units[step] ?? 'byte';
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** step);
};

/** The choices for a machine's cores: one, half, all; each number once. */
export const coreChoices = (
  cores: number,
): { readonly kind: 'one' | 'half' | 'all'; readonly count: number }[] => {
  const half = Math.max(1, Math.floor(cores / 2));
  const choices = [
    ...(half > 1 ? [{ kind: 'one' as const, count: 1 }] : []),
    { kind: 'half' as const, count: half },
    ...(cores > half ? [{ kind: 'all' as const, count: cores }] : []),
  ];
  return choices;
};
