import { expect, test } from 'vitest';
import { settle } from '../../../../tests/support/work-tabs.ts';
import { browserPower, browserWorkLocks, browserWorkNews } from './browser-ports.ts';

/** Web Locks as the standard has them, for one name after the other. */
const lockManager = () => {
  const held = new Map<string, Promise<unknown>>();
  const request = async (
    name: string,
    ...rest: [LockGrantedCallback<unknown>] | [LockOptions, LockGrantedCallback<unknown>]
  ): Promise<unknown> => {
    const [options, work] = rest.length === 1 ? [{}, rest[0]] : rest;
    if (held.has(name) && options.ifAvailable) return work(null);
    while (held.has(name)) await held.get(name);
    const holding = Promise.resolve(work({ name, mode: 'exclusive' }));
    held.set(
      name,
      holding.catch(() => undefined).then(() => held.delete(name)),
    );
    return holding;
  };
  return { request } as unknown as LockManager;
};

test('a claimed name is taken until it is let go; who waits gets it then', async () => {
  const locks = browserWorkLocks(lockManager());
  const release = await locks.claim('work 1', false);
  expect(release).toBeTypeOf('function');
  expect(await locks.claim('work 1', false)).toBeUndefined();
  expect(await locks.claim('work 2', false)).toBeTypeOf('function');
  let heir: unknown;
  void locks.claim('work 1', true).then((own) => (heir = own));
  await settle();
  expect(heir).toBeUndefined();
  release?.();
  await settle();
  expect(heir).toBeTypeOf('function');
});

test('exclusive work is done one after the other, and a throw lets go', async () => {
  const locks = browserWorkLocks(lockManager());
  const steps: string[] = [];
  const work = (name: string) => async () => {
    steps.push(`${name} begins`);
    await settle();
    steps.push(`${name} ends`);
    if (name === 'a') throw new Error('full disk');
    return name;
  };
  const [a, b] = [locks.exclusive('list', work('a')), locks.exclusive('list', work('b'))];
  await expect(a).rejects.toThrow('full disk');
  expect(await b).toBe('b');
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('without locks every tab is alone', async () => {
  const locks = browserWorkLocks(null);
  expect(await locks.exclusive('list', () => Promise.resolve(7))).toBe(7);
});

test('the battery is unknown until it answers, and told of when the cable is pulled', async () => {
  const battery = Object.assign(new EventTarget(), { charging: true });
  const power = browserPower({ getBattery: () => Promise.resolve(battery) });
  let told = 0;
  const stop = power.watch(() => told++);
  expect(power.charging).toBeUndefined();
  await settle();
  expect([power.charging, told]).toEqual([true, 1]);
  battery.charging = false;
  battery.dispatchEvent(new Event('chargingchange'));
  expect([power.charging, told]).toEqual([false, 2]);
  stop();
  battery.dispatchEvent(new Event('chargingchange'));
  expect(told).toBe(2);
});

test('a browser that says nothing of batteries, or refuses, leaves it unknown', async () => {
  const silent = browserPower({});
  const refusing = browserPower({ getBattery: () => Promise.reject(new Error('NotAllowedError')) });
  await settle();
  expect([silent.charging, refusing.charging]).toEqual([undefined, undefined]);
});

test('tabs hear each other, not themselves', async () => {
  const [one, two] = [browserWorkNews('work test'), browserWorkNews('work test')];
  const heard: string[] = [];
  const stops = [one.hear(() => heard.push('one')), two.hear(() => heard.push('two'))];
  one.tell();
  await expect.poll(() => heard).toEqual(['two']);
  for (const stop of stops) stop();
});
