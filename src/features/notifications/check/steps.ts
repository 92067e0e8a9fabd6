/** The self-test: every step between somebody's words and this screen, how it stands, and what to do where it fails. Pure. */
import type { PushFacts, PushFailure } from '#client/wake/push-desk.ts';
import type { Wake } from '#client/wake/wakes.ts';
import { m } from '#messages/paraglide/messages.js';
import { displayLine } from '#shared/text.ts';
import type { BrowserFamily } from './browser.ts';
import { endWords, timeWords } from './wake-words.ts';

export type StepState = 'good' | 'bad' | 'waiting' | 'unknown';

export interface Step {
  readonly id: 'permission' | 'subscription' | 'city' | 'service' | 'wake' | 'sync';
  readonly title: string;
  readonly state: StepState;
  readonly words: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** How far a test has come; `missing`: the city sent it, and this device was not woken in time. */
export type TestState = 'none' | 'sending' | 'awaiting' | 'arrived' | 'missing' | PushFailure;

export interface CheckFacts {
  readonly facts: PushFacts | undefined;
  /** Why turning on, or telling the city, did not work last. */
  readonly trouble: PushFailure | undefined;
  readonly test: TestState;
  /** Newest first. */
  readonly wakes: readonly Wake[];
  readonly browser: BrowserFamily;
  /** What waits goes out while the app is closed. */
  readonly hasSync: boolean;
  readonly now: Date;
}

type Told = Pick<Step, 'state' | 'words'> & { readonly fix?: string | undefined };

const permissionFix: Readonly<Record<BrowserFamily, () => string>> = {
  chrome: m.notifications_fix_chrome,
  firefox: m.notifications_fix_firefox,
  safari: m.notifications_fix_safari,
  ios: m.notifications_fix_ios,
  'ios-browser': m.notifications_fix_ios_home,
  other: m.notifications_fix_other,
};

const permissionStep = ({ facts, browser }: CheckFacts): Told => {
  switch (facts?.permission) {
    case 'granted':
      return { state: 'good', words: m.notifications_permission_granted() };
    case 'denied':
      return { state: 'bad', words: m.notifications_permission_denied(), fix: permissionFix[browser]() };
    case 'unsupported': {
      const fix =
        browser === 'ios-browser' ? m.notifications_fix_ios_home() : m.notifications_fix_unsupported();
      return { state: 'bad', words: m.notifications_permission_unsupported(), fix };
    }
    default:
      return { state: 'unknown', words: m.notifications_permission_default() };
  }
};

const shortly = (words: string): string => displayLine(words, 160);
const failed = (test: TestState): PushFailure | undefined => (typeof test === 'string' ? undefined : test);

const subscriptionStep = ({ facts, trouble }: CheckFacts): Told => {
  const fix = m.notifications_subscription_fix();
  if (facts?.host !== undefined)
    return { state: 'good', words: m.notifications_subscription_good({ host: facts.host }) };
  if (trouble?.code === 'browser')
    return {
      state: 'bad',
      words: m.notifications_subscription_failed({ words: shortly(trouble.message) }),
      fix,
    };
  return facts?.isOn === true
    ? { state: 'bad', words: m.notifications_subscription_none(), fix }
    : { state: 'unknown', words: m.notifications_subscription_none() };
};

const cityStep = ({ facts, trouble, test, now }: CheckFacts): Told => {
  const said = failed(test) ?? trouble;
  const fix = m.notifications_city_fix();
  if (said?.code === 'unreachable') return { state: 'bad', words: m.notifications_city_unreachable(), fix };
  if (said?.code === 'refused')
    return { state: 'bad', words: m.notifications_city_refused({ words: shortly(said.message) }), fix };
  if (facts?.toldAt === undefined) return { state: 'unknown', words: m.notifications_city_none() };
  return { state: 'good', words: m.notifications_city_good({ time: timeWords(facts.toldAt, now) }) };
};

const serviceStep = ({ test, wakes }: CheckFacts): Told => {
  const said = failed(test);
  if (said?.code === 'service') {
    const words = m.notifications_service_refused({ words: shortly(said.message) });
    return { state: 'bad', words, fix: m.notifications_service_fix() };
  }
  if (test === 'sending') return { state: 'waiting', words: m.notifications_check_testing() };
  const hasCome = test === 'awaiting' || test === 'arrived' || test === 'missing' || wakes.some(isPushed);
  return hasCome
    ? { state: 'good', words: m.notifications_service_good() }
    : { state: 'unknown', words: m.notifications_service_none() };
};

const isPushed = ({ why, end }: Wake): boolean => (why === 'push' || why === 'test') && end !== 'stranger';

const wakeStep = ({ test, wakes, now }: CheckFacts): Told => {
  if (test === 'awaiting') return { state: 'waiting', words: m.notifications_wake_waiting() };
  if (test === 'missing')
    return { state: 'bad', words: m.notifications_wake_missing(), fix: m.notifications_wake_fix() };
  const last = wakes.find(isPushed);
  if (!last) return { state: 'unknown', words: m.notifications_wake_none() };
  const words = m.notifications_wake_last({ time: timeWords(last.at, now), end: endWords[last.end]() });
  return { state: last.end === 'failed' ? 'bad' : 'good', words };
};

const syncStep = ({ hasSync }: CheckFacts): Told =>
  hasSync
    ? { state: 'good', words: m.notifications_sync_good() }
    : { state: 'bad', words: m.notifications_sync_none() };

const STEPS = [
  ['permission', m.notifications_step_permission, permissionStep],
  ['subscription', m.notifications_step_subscription, subscriptionStep],
  ['city', m.notifications_step_city, cityStep],
  ['service', m.notifications_step_service, serviceStep],
  ['wake', m.notifications_step_wake, wakeStep],
  ['sync', m.notifications_step_sync, syncStep],
] as const;

/** Every step, in the order in which a message takes them; sending while closed stands apart at the end. */
export const stepsOf = (check: CheckFacts): readonly Step[] =>
  STEPS.map(([id, title, tell]): Step => {
    const { state, words, fix } = tell(check);
    return { id, title: title(), state, words, ...(fix === undefined ? {} : { fix }) };
  });
