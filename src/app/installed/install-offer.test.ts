import { beforeEach, expect, test } from 'vitest';
import { InstallOffer } from './install-offer.svelte.ts';
import type { InstallPorts } from './install-offer.svelte.ts';
import { PromptKeeper } from './prompt-keeper.ts';

const DAY = 86_400_000;

/** The browser's event, as Chromium sends it. */
class FakePrompt extends Event {
  asked = 0;
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
  constructor(outcome: 'accepted' | 'dismissed') {
    super('beforeinstallprompt', { cancelable: true });
    this.userChoice = Promise.resolve({ outcome });
  }
  prompt(): Promise<void> {
    this.asked += 1;
    return Promise.resolve();
  }
}

let window: EventTarget;
let keeper: PromptKeeper;
let now: number;
let declinedAt: number | undefined;
let isInstalled: boolean;
let isApplePhone: boolean;
let timers: { at: number; done: () => void }[];

beforeEach(() => {
  window = new EventTarget();
  keeper = new PromptKeeper(window);
  now = 1_800_000_000_000;
  declinedAt = undefined;
  isInstalled = false;
  isApplePhone = false;
  timers = [];
});

const offer = (): InstallOffer => {
  const ports: InstallPorts = {
    prompt: keeper,
    isInstalled: () => isInstalled,
    isApplePhone: () => isApplePhone,
    oninstalled: (done) => window.addEventListener('appinstalled', done),
    declinedAt: { get: () => declinedAt, set: (at) => (declinedAt = at) },
    now: () => now,
    after(ms, done) {
      const timer = { at: now + ms, done };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
  };
  return new InstallOffer(ports);
};

const pass = (ms: number): void => {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { done } of due) done();
};

const prompt = (outcome: 'accepted' | 'dismissed' = 'accepted'): FakePrompt => {
  const event = new FakePrompt(outcome);
  window.dispatchEvent(event);
  return event;
};

test('the browser’s own banner is held back, and its question kept from before the city opened', () => {
  const event = prompt();
  expect(event.defaultPrevented).toBe(true);
  expect(event.asked).toBe(0);
  expect(offer().way).toBe('prompt');
});

test('nobody is asked at first sight, nor without having done anything', () => {
  const install = offer();
  prompt();
  pass(10 * DAY);
  expect(install.isShown).toBe(false);
});

test('asked a moment after joining or writing; pressing asks the browser, once', async () => {
  const install = offer();
  const event = prompt();
  install.settle('now');
  pass(3_000);
  expect(install.isShown).toBe(false);
  pass(2_000);
  expect(install.isShown).toBe(true);
  await install.install();
  expect([event.asked, install.isShown, install.way]).toEqual([1, false, 'installed']);
  await install.install();
  expect(event.asked).toBe(1);
});

test('somebody at home from before is not met at the door', () => {
  const install = offer();
  prompt();
  install.settle('before');
  pass(60_000);
  expect(install.isShown).toBe(false);
  pass(31_000);
  expect(install.isShown).toBe(true);
});

test('"not now" holds for a good while, on later visits too', () => {
  prompt();
  const first = offer();
  first.settle('now');
  pass(5_000);
  first.decline();
  expect(first.isShown).toBe(false);
  pass(89 * DAY);
  const second = offer();
  second.settle('now');
  pass(5_000);
  expect(second.isShown).toBe(false);
  pass(2 * DAY);
  const third = offer();
  third.settle('now');
  pass(5_000);
  expect(third.isShown).toBe(true);
});

test('a no to the browser’s own question counts as "not now"', async () => {
  prompt('dismissed');
  const install = offer();
  await install.install();
  expect(declinedAt).toBe(now);
  expect(install.way).toBe('menu');
});

test('where there is no prompt: steps on an iPhone, the menu elsewhere, and no question there', () => {
  isApplePhone = true;
  const phone = offer();
  expect(phone.way).toBe('ios');
  phone.settle('now');
  pass(5_000);
  expect(phone.isShown).toBe(true);
  isApplePhone = false;
  const desk = offer();
  expect(desk.way).toBe('menu');
  desk.settle('now');
  pass(5_000);
  expect(desk.isShown).toBe(false);
});

test('nothing is offered where it is installed, or as soon as it is', () => {
  isInstalled = true;
  isApplePhone = true;
  const install = offer();
  install.settle('now');
  pass(5_000);
  expect([install.way, install.isShown]).toEqual(['installed', false]);
  isInstalled = false;
  const other = offer();
  other.settle('now');
  pass(5_000);
  expect(other.isShown).toBe(true);
  window.dispatchEvent(new Event('appinstalled'));
  expect([other.way, other.isShown]).toEqual(['installed', false]);
});

test('asked once a visit, however often one joins', () => {
  prompt();
  const install = offer();
  install.settle('now');
  pass(5_000);
  install.isShown = false;
  install.settle('now');
  pass(5_000);
  expect(install.isShown).toBe(false);
});
