import { expect, test } from 'vitest';
import { Updates } from './updates.ts';

/** Two or more windows of one device, with a clock that is moved by hand. */
class FakeWindows {
  now = 1_000_000;
  readonly windows: FakeWindow[] = [];
  readonly #timers: { at: number; done: () => void }[] = [];

  open(): FakeWindow {
    const window = new FakeWindow(this, `window ${this.windows.length}`);
    this.windows.push(window);
    return window;
  }

  after = (ms: number, done: () => void): (() => void) => {
    const timer = { at: this.now + ms, done };
    this.#timers.push(timer);
    return () => this.#timers.splice(this.#timers.indexOf(timer), 1);
  };

  async pass(ms: number): Promise<void> {
    await settle();
    this.now += ms;
    for (const timer of this.#timers.filter(({ at }) => at <= this.now)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.done();
    }
    await settle();
  }

  /** The new worker takes every window over. */
  takeOver(): void {
    for (const window of this.windows) void window.updates.replaced();
  }
}

const settle = async (): Promise<void> => {
  for (let round = 0; round < 20; round++) await Promise.resolve();
};

class FakeWindow {
  readonly name: string;
  readonly updates: Updates;
  readonly kept: string[] = [];
  reloads = 0;
  takeOvers = 0;
  isBusy = false;
  hasUnkept = false;
  isAsleep = false;
  /** What stands in its composer. */
  draft: string;
  #hear: ((message: unknown) => void) | undefined;
  reloadedAt: number | undefined;

  constructor(all: FakeWindows, name: string) {
    this.name = name;
    this.draft = `half a thought of ${name}`;
    let listen: (message: never) => void = () => undefined;
    this.updates = new Updates({
      name,
      post: (message) => {
        for (const other of all.windows) if (other !== this) other.receive(message);
      },
      listen: (hear) => (listen = hear as typeof listen),
      others: () => Promise.resolve(all.windows.filter((each) => each !== this).map((each) => each.name)),
      isBusy: () => this.isBusy || this.hasUnkept,
      hasUnkept: () => this.hasUnkept,
      after: all.after,
      takeOver: () => {
        this.takeOvers += 1;
        all.takeOver();
      },
      reload: () => (this.reloads += 1),
      reloadedAt: { get: () => this.reloadedAt, set: (at) => (this.reloadedAt = at) },
      now: () => all.now,
    });
    this.#hear = (message) => listen(message as never);
    this.updates.beforeUpdate(() => {
      this.kept.push(this.draft);
      return Promise.resolve();
    });
  }

  receive(message: unknown): void {
    if (!this.isAsleep) this.#hear?.(message);
  }
}

const two = () => {
  const all = new FakeWindows();
  return { all, here: all.open(), there: all.open() };
};

test('accepted in one window: both put their drafts away, then both load anew, once', async () => {
  const { all, here, there } = two();
  expect(await here.updates.accept()).toBe('taken');
  await all.pass(0);
  expect(here.takeOvers).toBe(1);
  expect([here.reloads, there.reloads]).toEqual([1, 1]);
  expect(here.kept).toContain(here.draft);
  expect(there.kept).toContain(there.draft);
});

test('drafts are away before the new worker comes in, and again before the page goes', async () => {
  const { here, there } = two();
  let atTakeOver: readonly string[] = [];
  const off = there.updates.beforeUpdate(() => {
    atTakeOver = here.takeOvers === 0 ? [...there.kept] : atTakeOver;
    return Promise.resolve();
  });
  await here.updates.accept();
  off();
  expect(atTakeOver).toEqual([there.draft]);
  there.draft = 'typed in the last moment';
  await settle();
  expect(there.reloads).toBe(1);
});

test('another window in mid-sentence is not taken from its writer', async () => {
  const { here, there } = two();
  there.isBusy = true;
  expect(await here.updates.accept()).toBe('busy');
  expect([here.takeOvers, here.reloads, there.reloads]).toEqual([0, 0, 0]);
  there.isBusy = false;
  expect(await here.updates.accept()).toBe('taken');
});

test('being in mid-sentence in the window where one accepts is no hindrance', async () => {
  const { here } = two();
  here.isBusy = true;
  expect(await here.updates.accept()).toBe('taken');
});

test('a form that would be lost is said first, and lost only if the person says so', async () => {
  const { here } = two();
  here.hasUnkept = true;
  expect(await here.updates.accept()).toBe('unkept');
  expect(here.takeOvers).toBe(0);
  expect(await here.updates.accept(true)).toBe('taken');
});

test('a window that sleeps is waited for two seconds, and puts its draft away when it wakes', async () => {
  const { all, here, there } = two();
  there.isAsleep = true;
  const taking = here.updates.accept();
  await all.pass(1_900);
  expect(here.takeOvers).toBe(0);
  await all.pass(200);
  expect(await taking).toBe('taken');
  expect(there.kept).toEqual([there.draft]);
  expect(there.reloads).toBe(1);
});

test('a hook that hangs or fails holds nobody up for long', async () => {
  const { all, here, there } = two();
  there.updates.beforeUpdate(() => new Promise(() => undefined));
  there.updates.beforeUpdate(() => Promise.reject(new Error('the disk is full')));
  const taking = here.updates.accept();
  await all.pass(1_600);
  expect(await taking).toBe('taken');
  await all.pass(1_600);
  expect(there.reloads).toBe(1);
  expect(there.kept).toContain(there.draft);
});

test('both accept at the same moment: still one reload each', async () => {
  const { all, here, there } = two();
  await Promise.all([here.updates.accept(), there.updates.accept()]);
  await all.pass(0);
  expect([here.reloads, there.reloads]).toEqual([1, 1]);
});

test('never a loop: a second replacement within seconds stays, a later one is taken', async () => {
  const { all, here } = two();
  here.reloadedAt = all.now - 2_000;
  expect(await here.updates.replaced()).toBe(false);
  expect(here.reloads).toBe(0);
  await all.pass(20_000);
  expect(await here.updates.replaced()).toBe(true);
  expect(here.reloads).toBe(1);
});

test('a new version that does not come after all is said', async () => {
  const all = new FakeWindows();
  const here = all.open();
  all.takeOver = () => undefined;
  const taking = here.updates.accept();
  await all.pass(15_100);
  expect(await taking).toBe('late');
});

test('words of another round count for nothing', async () => {
  const { all, here, there } = two();
  there.isAsleep = true;
  const taking = here.updates.accept();
  await settle();
  here.receive({ type: 'answer', round: 'another', from: there.name, word: 'busy' });
  await all.pass(2_100);
  expect(await taking).toBe('taken');
});
