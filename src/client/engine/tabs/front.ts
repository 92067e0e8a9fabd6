/**
 * The engine as each tab's worker has it. Of all tabs of a profile one leads: it alone opens the engine, under a lock that the
 * browser gives to the next in line when that tab ends. The others ask it over a channel, and begin anew with whoever leads next.
 */
import { fail } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { Desk, GoneError } from '../../rpc/desk.ts';
import type { Line } from '../../rpc/desk.ts';
import type { Authenticator } from '../../relays/ports.ts';
import type { EngineOptions, EngineRemote, OpenFailure, Signal } from '../remote.ts';
import { Switchboard } from './switchboard.ts';
import type { EngineMethod } from './switchboard.ts';

export interface TabLocks {
  /** Runs the work once nobody else holds the lock, and holds it until the work is done. */
  hold(name: string, work: () => Promise<void>): Promise<void>;
}

export interface FrontPorts {
  /** An engine for a tab that leads. */
  readonly makeEngine: () => EngineRemote;
  readonly line: (name: string) => Line;
  readonly locks: TabLocks;
  /** This tab's address: by chance, never another's. */
  readonly address: string;
  /** This tab's build of the app; of two, the one with the higher number keeps the data. */
  readonly build: number;
}

type Opened = Result<undefined, OpenFailure>;
/** Whoever does what this tab asks: itself, or the leader. */
type Backend = (method: string, args: readonly unknown[]) => Promise<unknown>;

const lockOfTab = (address: string): string => `tab ${address}`;

export class EngineFront {
  readonly #ports: FrontPorts;
  readonly #watches = new Map<number, unknown>();
  readonly #subscriptions = new Map<number, unknown>();
  #authenticator: Authenticator | undefined;
  #signal: (signal: Signal) => void = () => undefined;
  #desk: Desk | undefined;
  #leader: string | undefined;
  #switchboard: Switchboard | undefined;
  #backend = later<Backend>();
  readonly #closers: (() => void)[] = [];
  #held: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(ports: FrontPorts) {
    this.#ports = ports;
  }

  /** Resolves once somebody leads: this tab, or the one that does already; `superseded` when that one is of a newer build. */
  open(options: EngineOptions, signal: (signal: Signal) => void): Promise<Opened> {
    const { line, locks, address, build } = this.#ports;
    const { profile } = options.keys;
    this.#signal = signal;
    const opened = later<Opened>();
    const desk = new Desk(line(`engine ${profile}`), address, {
      answer: (from, method, args) => this.#answer(from, method, args),
      told: (from, topic, value) => {
        if (topic === 'signal') return this.#signal(value as Signal);
        if (topic !== 'who leads' && topic !== 'leading') return;
        if (Number(value) > build) {
          opened.settle(fail('superseded', 'a newer version of the app is open in another tab'));
          this.#signal({ type: 'superseded' });
          return void this.close();
        }
        if (this.#switchboard) return void (topic === 'who leads' && desk.tell('leading', build, from));
        // An older build that leads has heard of this one, and is about to leave.
        if (topic === 'who leads' || Number(value) < build) return;
        this.#follow(from);
        opened.settle({ ok: true, value: undefined });
      },
    });
    this.#desk = desk;
    // As long as this is held, the leader knows that this tab lives.
    void locks.hold(lockOfTab(address), () => this.#untilClosed());
    this.#held = locks.hold(`engine ${profile}`, async () => {
      if (this.#isClosed) return;
      const { engine, led } = await this.#lead(options);
      opened.settle(led);
      if (led.ok) await this.#untilClosed();
      await engine.close();
    });
    desk.tell('who leads', build);
    return opened.promise;
  }

  /** Asks whoever leads; asks the next one when that one ends before it has answered. */
  async call(method: EngineMethod, args: readonly unknown[]): Promise<unknown> {
    this.#remember(method, args);
    for (;;) {
      const backend = await this.#backend.promise;
      try {
        return await backend(method, method === 'setAuthenticator' ? [args[0] !== undefined] : args);
      } catch (cause) {
        if (!isGone(cause)) throw cause;
        // Nobody leads until somebody says so.
        if ((await this.#backend.promise) === backend) this.#backend = later();
      }
    }
  }

  /** Lets go of everything; if this tab leads, everything goes to the disk, and the next one in line leads from here on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const close of this.#closers.splice(0)) close();
    this.#desk?.close();
    // Only the leader holds anything; the others' turn may be a long time off.
    if (this.#switchboard) await this.#held;
  }

  async #lead(options: EngineOptions): Promise<{ readonly engine: EngineRemote; readonly led: Opened }> {
    const { makeEngine, address, build } = this.#ports;
    const engine = makeEngine();
    const switchboard = new Switchboard(engine);
    const led = await engine.open(options, switchboard.hear);
    if (!led.ok || this.#isClosed) return { engine, led };
    this.#switchboard = switchboard;
    if (this.#leader !== undefined) this.#desk?.giveUp(this.#leader);
    switchboard.join(address, {
      signal: (signal) => this.#signal(signal),
      sign: (...asked) => this.#sign(...asked),
    });
    this.#restore(async (method, args) => switchboard.call(address, method, args));
    this.#desk?.tell('leading', build);
    return { engine, led };
  }

  /** Somebody leads: everything that this tab watches and wants is told there. */
  #follow(leader: string): void {
    const desk = this.#desk;
    if (!desk || this.#leader === leader) return;
    if (this.#leader !== undefined) desk.giveUp(this.#leader);
    this.#leader = leader;
    this.#restore((method, args) => desk.ask(leader, method, args));
  }

  #restore(backend: Backend): void {
    const say = (method: string, args: readonly unknown[]): void =>
      void backend(method, args).catch((cause: unknown) => {
        if (!isGone(cause)) console.error('The engine refused', cause);
      });
    for (const [id, watched] of this.#watches) say('watch', [id, watched]);
    for (const [id, request] of this.#subscriptions) say('subscribe', [id, request]);
    if (this.#authenticator) say('setAuthenticator', [true]);
    // What changed while nobody led was told to nobody.
    for (const watch of this.#watches.keys()) this.#signal({ type: 'changed', watch });
    this.#backend = later<Backend>(this.#backend);
    this.#backend.settle(backend);
  }

  #remember(method: EngineMethod, args: readonly unknown[]): void {
    const id = args[0] as number;
    if (method === 'watch') this.#watches.set(id, args[1]);
    else if (method === 'unwatch') this.#watches.delete(id);
    else if (method === 'subscribe') this.#subscriptions.set(id, args[1]);
    else if (method === 'unsubscribe') this.#subscriptions.delete(id);
    else if (method === 'setAuthenticator') this.#authenticator = args[0] as Authenticator | undefined;
  }

  #answer(from: string, method: string, args: readonly unknown[]): unknown {
    if (method === 'sign') return this.#sign(String(args[0]), String(args[1]));
    const switchboard = this.#switchboard;
    if (!switchboard) throw new GoneError();
    if (!switchboard.has(from)) this.#welcome(switchboard, from);
    return switchboard.call(from, method, args);
  }

  #welcome(switchboard: Switchboard, tab: string): void {
    const desk = this.#desk;
    switchboard.join(tab, {
      signal: (signal) => desk?.tell('signal', signal, tab),
      sign: async (relay, challenge) =>
        (await desk?.ask(tab, 'sign', [relay, challenge])) as Awaited<ReturnType<Authenticator>>,
    });
    void this.#ports.locks.hold(lockOfTab(tab), () => {
      desk?.giveUp(tab);
      switchboard.leave(tab);
      return Promise.resolve();
    });
  }

  async #sign(relay: string, challenge: string): ReturnType<Authenticator> {
    return this.#authenticator?.(relay, challenge);
  }

  #untilClosed(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((done) => this.#closers.push(done));
  }
}

/** Also when it was thrown at the other end. */
const isGone = (cause: unknown): boolean => cause instanceof Error && cause.name === new GoneError().name;

interface Later<T> {
  readonly promise: Promise<T>;
  settle(value: T): void;
  readonly isSettled: () => boolean;
}

/** A value that comes later. Made over another one that nobody has settled yet, it is that one. */
const later = <T>(before?: Later<T>): Later<T> => {
  if (before && !before.isSettled()) return before;
  let settled = false;
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return {
    promise,
    settle: (value) => {
      settled = true;
      resolve(value);
    },
    isSettled: () => settled,
  };
};
