/** One engine for several tabs: each has its own numbers for what it watches, and hears of these only. */
import type { Authenticator } from '../../relays/ports.ts';
import type { EngineRemote, Signal } from '../remote.ts';

/** What a tab may ask of the engine; opening is the leader's own affair. */
export type EngineMethod = Exclude<keyof EngineRemote, 'open' | 'close'>;

const PASSED_ON: readonly EngineMethod[] = [
  'getMany',
  'all',
  'part',
  'count',
  'search',
  'record',
  'fetch',
  'enqueue',
  'say',
  'answerOf',
  'refused',
  'retry',
  'discard',
  'readMeta',
  'writeMeta',
  'upkeep',
  'wipe',
];

/** How a tab is told, and how it signs. */
export interface TabEars {
  signal(signal: Signal): void;
  sign: Authenticator;
}

interface Tab {
  readonly ears: TabEars;
  /** The tab's numbers → the engine's. */
  readonly watches: Map<number, number>;
  readonly subscriptions: Map<number, number>;
  signs: boolean;
}

export class Switchboard {
  readonly #engine: EngineRemote;
  readonly #tabs = new Map<string, Tab>();
  readonly #watchers = new Map<number, { readonly tab: Tab; readonly watch: number }>();
  #next = 1;
  #status: Signal | undefined;

  /** The engine has been opened with `hear` as its signal. */
  constructor(engine: EngineRemote) {
    this.#engine = engine;
  }

  /** A tab that is not known yet, or knows nothing any more. */
  join(address: string, ears: TabEars): void {
    this.leave(address);
    this.#tabs.set(address, { ears, watches: new Map(), subscriptions: new Map(), signs: false });
    if (this.#status) ears.signal(this.#status);
  }

  has(address: string): boolean {
    return this.#tabs.has(address);
  }

  /** A tab is gone: nothing is watched or subscribed for it any more. */
  leave(address: string): void {
    const tab = this.#tabs.get(address);
    if (!tab) return;
    for (const id of [...tab.watches.keys()]) this.#unwatch(tab, id);
    for (const id of [...tab.subscriptions.keys()]) this.#unsubscribe(tab, id);
    this.#tabs.delete(address);
    if (tab.signs) this.#chooseSigner();
  }

  /** Does what a tab asks. Throws for a tab that has not joined, and for what no tab may ask. */
  call(address: string, method: string, args: readonly unknown[]): unknown {
    const tab = this.#tabs.get(address);
    if (!tab) throw new Error('this tab has not joined');
    const [first, second] = args;
    switch (method) {
      case 'watch':
        return this.#watch(tab, Number(first), second as Parameters<EngineRemote['watch']>[1]);
      case 'unwatch':
        return this.#unwatch(tab, Number(first));
      case 'subscribe':
        return this.#subscribe(tab, Number(first), second as Parameters<EngineRemote['subscribe']>[1]);
      case 'unsubscribe':
        return this.#unsubscribe(tab, Number(first));
      case 'setAuthenticator':
        tab.signs = first === true;
        return this.#chooseSigner();
      default:
        return this.#passOn(method, args);
    }
  }

  /** What the engine signals goes to whom it concerns. */
  readonly hear = (signal: Signal): void => {
    if (signal.type === 'changed') {
      const watcher = this.#watchers.get(signal.watch);
      watcher?.tab.ears.signal({ type: 'changed', watch: watcher.watch });
      return;
    }
    if (signal.type === 'status') this.#status = signal;
    for (const { ears } of this.#tabs.values()) ears.signal(signal);
  };

  #passOn(method: string, args: readonly unknown[]): unknown {
    const known = PASSED_ON.find((one) => one === method);
    if (!known) throw new Error(`nothing is called ${method}`);
    const call = this.#engine[known] as (...all: unknown[]) => unknown;
    return call.apply(this.#engine, [...args]);
  }

  #watch(tab: Tab, watch: number, watched: Parameters<EngineRemote['watch']>[1]): void {
    this.#unwatch(tab, watch);
    const id = this.#next++;
    tab.watches.set(watch, id);
    this.#watchers.set(id, { tab, watch });
    this.#engine.watch(id, watched);
  }

  #unwatch(tab: Tab, watch: number): void {
    const id = tab.watches.get(watch);
    if (id === undefined) return;
    tab.watches.delete(watch);
    this.#watchers.delete(id);
    this.#engine.unwatch(id);
  }

  #subscribe(tab: Tab, subscription: number, request: Parameters<EngineRemote['subscribe']>[1]): void {
    this.#unsubscribe(tab, subscription);
    const id = this.#next++;
    tab.subscriptions.set(subscription, id);
    this.#engine.subscribe(id, request);
  }

  #unsubscribe(tab: Tab, subscription: number): void {
    const id = tab.subscriptions.get(subscription);
    if (id === undefined) return;
    tab.subscriptions.delete(subscription);
    this.#engine.unsubscribe(id);
  }

  /** Any tab with a key may answer a relay's challenge; the others are asked when one does not. */
  #chooseSigner(): void {
    const signers = [...this.#tabs.values()].filter(({ signs }) => signs);
    this.#engine.setAuthenticator(
      signers.length === 0
        ? undefined
        : async (relay, challenge) => {
            for (const { ears } of signers) {
              const signed = await ears.sign(relay, challenge).catch(() => undefined);
              if (signed) return signed;
            }
            return undefined;
          },
    );
  }
}
