import { expect, test } from 'vitest';
import { fail } from '#shared/result.ts';
import { stepsOf } from './steps.ts';
import type { CheckFacts, Step } from './steps.ts';

const now = new Date('2026-11-22T15:20:00Z');
const at = now.getTime() / 1000 - 180;
const working: CheckFacts = {
  facts: { isOn: true, permission: 'granted', host: 'push.test', toldAt: at },
  trouble: undefined,
  test: 'none',
  wakes: [{ at, why: 'push', end: 'shown' }],
  browser: 'chrome',
  hasSync: true,
  now,
};
const off: CheckFacts = {
  ...working,
  facts: { isOn: false, permission: 'default', host: undefined, toldAt: undefined },
  wakes: [],
};
const states = (check: CheckFacts): string =>
  stepsOf(check)
    .map(({ state }) => state)
    .join(' ');
const step = (check: CheckFacts, id: Step['id']): Step => {
  const found = stepsOf(check).find((each) => each.id === id);
  if (!found) throw new Error(id);
  return found;
};
const failure = <Code extends string>(code: Code, message: string) => fail(code, message).error;

test('where everything works every step says so, and when', () => {
  expect(states(working)).toBe('good good good good good good');
  expect(step(working, 'subscription').words).toContain('push.test');
  expect(step(working, 'city').words).toContain('3 minutes ago');
  expect(step(working, 'wake').words).toMatch(/3 minutes ago.*notification was shown/);
  expect(stepsOf(working).every(({ fix }) => fix === undefined)).toBe(true);
});

test('before anything was done nothing is claimed', () => {
  expect(states(off)).toBe('unknown unknown unknown unknown unknown good');
  expect(states({ ...off, facts: undefined })).toBe('unknown unknown unknown unknown unknown good');
});

test.each([
  ['chrome', /left of the address/],
  ['firefox', /block/],
  ['safari', /Safari’s Settings/],
  ['ios', /Settings app/],
  ['other', /browser’s settings/],
] as const)('a refused permission says how to allow it in %s', (browser, fix) => {
  const facts = {
    ...working.facts,
    isOn: true,
    permission: 'denied' as const,
    host: undefined,
    toldAt: undefined,
  };
  const told = step({ ...working, browser, facts }, 'permission');
  expect(told.state).toBe('bad');
  expect(told.fix).toMatch(fix);
});

test('an iPhone’s browser is sent to the home screen, others to another browser', () => {
  const facts = { isOn: false, permission: 'unsupported' as const, host: undefined, toldAt: undefined };
  expect(step({ ...off, facts, browser: 'ios-browser' }, 'permission').fix).toContain('Add to Home Screen');
  expect(step({ ...off, facts, browser: 'other' }, 'permission').fix).toContain('another one');
});

test('a browser that gives no address says why, and never more than a line of it', () => {
  const facts = { isOn: false, permission: 'granted' as const, host: undefined, toldAt: undefined };
  const told = step(
    { ...off, facts, trouble: failure('browser', `no service\n${'x'.repeat(500)}`) },
    'subscription',
  );
  expect(told).toMatchObject({ state: 'bad' });
  expect(told.words).toContain('no service');
  expect(told.words.length).toBeLessThan(260);
  expect(step({ ...off, facts: { ...facts, isOn: true } }, 'subscription').state).toBe('bad');
});

test.each([
  ['refused', 'slow down', /slow down/],
  ['unreachable', 'x', /could not be reached/],
] as const)('the city’s trouble is the city’s: %s', (code, message, words) => {
  expect(step({ ...working, trouble: failure(code, message) }, 'city')).toMatchObject({ state: 'bad' });
  const told = step({ ...working, test: failure(code, message) }, 'city');
  expect(told.words).toMatch(words);
  expect(told.fix).toBeDefined();
});

test('a test goes step by step', () => {
  const tried = { ...working, wakes: [] };
  const both = (test: CheckFacts['test']): string =>
    `${step({ ...tried, test }, 'service').state} ${step({ ...tried, test }, 'wake').state}`;
  expect(both('none')).toBe('unknown unknown');
  expect(both('sending')).toBe('waiting unknown');
  expect(both('awaiting')).toBe('good waiting');
  expect(both('missing')).toBe('good bad');
  expect(both(failure('service', 'gone'))).toBe('bad unknown');
  expect(step({ ...tried, test: 'missing' }, 'wake').fix).toContain('saves power');
  const arrived = {
    ...tried,
    test: 'arrived' as const,
    wakes: [{ at, why: 'test' as const, end: 'shown' as const }],
  };
  expect(states(arrived)).toBe('good good good good good good');
});

test('a stranger’s push and a network that came back are no proof', () => {
  const wakes = [
    { at, why: 'push' as const, end: 'stranger' as const },
    { at, why: 'sync' as const, end: 'sent' as const },
  ];
  expect(step({ ...working, wakes }, 'wake').state).toBe('unknown');
  expect(step({ ...working, wakes }, 'service').state).toBe('unknown');
  expect(step({ ...working, wakes: [{ at, why: 'push', end: 'failed' }] }, 'wake').state).toBe('bad');
});

test('without Background Sync it says what that means', () => {
  const told = step({ ...working, hasSync: false }, 'sync');
  expect(told.words).toMatch(/open the app next, or when a notification wakes it/);
});
