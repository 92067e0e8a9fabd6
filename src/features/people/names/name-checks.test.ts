import { expect, test, vi } from 'vitest';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { NameOwner } from '#protocol/names/addresses.ts';
import { DAY } from '#shared/time.ts';
import { NameChecks } from './name-checks.svelte.ts';

const [anna, eve] = ['a1'.repeat(32), 'e5'.repeat(32)];

const book = (kept?: unknown) => {
  let now = 1_800_000_000;
  let memory = kept;
  const asked: string[] = [];
  let answer: () => Result<NameOwner | undefined, Failure> = () => ok({ pubkey: anna, relays: [] });
  const make = () =>
    new NameChecks({
      ownerOf: (address) => {
        asked.push(address);
        return Promise.resolve(answer());
      },
      memory: {
        read: () => Promise.resolve(memory),
        write: (value) => Promise.resolve(void (memory = structuredClone(value))),
      },
      clock: { now: () => now },
    });
  return {
    make,
    asked,
    later: (seconds: number) => (now += seconds),
    answers: (next: typeof answer) => (answer = next),
    get memory() {
      return memory;
    },
  };
};
const settled = async (until: () => void) => vi.waitFor(until, { timeout: 2_000, interval: 20 });

test('a stated address bears no mark until the city has confirmed it, and none for another key', async () => {
  const { make, asked } = book();
  const checks = make();
  expect(checks.of(anna, 'Anna@far.example')).toEqual({ text: 'anna@far.example', standing: 'claimed' });
  await settled(() => expect(checks.of(anna, 'anna@far.example')?.standing).toBe('verified'));
  // Somebody else states the same address: shown as their words, never as a fact.
  expect(checks.of(eve, 'anna@far.example')?.standing).toBe('claimed');
  expect(asked).toEqual(['anna@far.example']);
});

test('what is no address is not shown at all', () => {
  const { make, asked } = book();
  const checks = make();
  for (const fake of [undefined, '', 'anna', 'anna@fаr.example', 'anna@far.example\u202e', 'javascript:1'])
    expect(checks.of(anna, fake)).toBeUndefined();
  expect(asked).toEqual([]);
});

test('an address that leads to another key now is told to whoever knew it', async () => {
  const { make, later, answers } = book();
  const checks = make();
  checks.of(anna, 'anna@far.example');
  await settled(() => expect(checks.of(anna, 'anna@far.example')?.standing).toBe('verified'));
  later(2 * DAY);
  answers(() => ok({ pubkey: eve, relays: [] }));
  checks.of(anna, 'anna@far.example');
  await settled(() => expect(checks.of(anna, 'anna@far.example')?.standing).toBe('moved'));
  expect(checks.of(eve, 'anna@far.example')?.standing).toBe('verified');
});

test('it is remembered over a visit, asked again when old, and silence does not unmake it at once', async () => {
  const shop = book();
  const checks = shop.make();
  checks.of(anna, 'anna@far.example');
  await settled(() => expect(shop.memory).toHaveLength(1));
  const again = shop.make();
  shop.answers(() => fail('unreachable', 'silent'));
  again.of(anna, 'anna@far.example');
  await settled(() => expect(again.of(anna, 'anna@far.example')?.standing).toBe('verified'));
  expect(shop.asked).toHaveLength(1);
  shop.later(2 * DAY);
  again.of(anna, 'anna@far.example');
  await settled(() => expect(shop.asked).toHaveLength(2));
  expect(again.of(anna, 'anna@far.example')?.standing).toBe('verified');
  shop.later(6 * DAY);
  expect(again.of(anna, 'anna@far.example')?.standing).toBe('claimed');
});

test('what a damaged memory holds is not believed', async () => {
  const { make, answers, asked } = book([['anna@far.example', { at: 'x', owner: anna }], 7, ['b@c.example']]);
  answers(() => ok(undefined));
  const checks = make();
  checks.of(anna, 'anna@far.example');
  await settled(() => expect(asked).toHaveLength(1));
  expect(checks.of(anna, 'anna@far.example')?.standing).toBe('claimed');
});
