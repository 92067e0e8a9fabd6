import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_RELAYS, asksUsToForget, makeVanish } from './vanish.ts';

const hosts = ['city.example', 'localhost:3000'];

test.each([
  [['wss://city.example'], true],
  [['wss://CITY.example/'], true],
  [['wss://other.example', 'ws://localhost:3000/'], true],
  [[ALL_RELAYS], true],
  [[], false],
  [['all_relays'], false],
  [['wss://other.example'], false],
  [['wss://city.example.evil.example'], false],
  [['https://city.example'], false],
  [['city.example'], false],
  [[''], false],
])('%j asks us: %s', (relays, asks) => {
  expect(asksUsToForget(makeVanish(relays), hosts)).toBe(asks);
});

test('no tag of a stranger throws', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 1 })), (tags) => {
      asksUsToForget({ tags: tags.map(([value = '']) => ['relay', value]) }, hosts);
    }),
  );
});
