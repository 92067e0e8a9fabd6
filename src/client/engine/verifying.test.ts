import fc from 'fast-check';
import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import { beforeAll, expect, test } from 'vitest';
import { anyEvent } from '../../../tests/support/wire-arbitraries.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import { createVerifier, pureVerifier, wasmVerifier } from './verifying.ts';

const sign = (content: string, tags: string[][] = []): NostrEvent => {
  const { id, pubkey, created_at, kind, sig } = finalizeEvent(
    { kind: 1, created_at: 1_800_000_000, tags, content },
    generateSecretKey(),
  );
  return { id, pubkey, created_at, kind, tags, content, sig };
};
let wasm: Verifier;
beforeAll(async () => {
  wasm = await createVerifier();
});
const both = (event: NostrEvent) => [wasm.verify(event), pureVerifier.verify(event)];

test('the WASM is what runs here', () => {
  expect(wasm).not.toBe(pureVerifier);
});

test('signed events hold, whatever their text; one digit of anything changed, they do not', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.array(fc.array(fc.string(), { minLength: 1 })),
      (content, tags) => {
        const event = sign(content, tags);
        expect(both(event)).toEqual([true, true]);
        for (const field of ['id', 'pubkey', 'sig'] as const) {
          const last = event[field].endsWith('0') ? '1' : '0';
          expect(both({ ...event, [field]: event[field].slice(0, -1) + last })).toEqual([false, false]);
        }
        expect(both({ ...event, content: `${content}.` })).toEqual([false, false]);
        expect(both({ ...event, created_at: event.created_at + 1 })).toEqual([false, false]);
      },
    ),
    { numRuns: 8 },
  );
});

test('quotes, backslashes, controls and lone surrogates are hashed as everybody hashes them', () => {
  for (const text of ['"', '\\', '\n\t\u0000\u001f', '\ud83c', 'né🌊', '\u2028'])
    expect(both(sign(text, [['t', text]]))).toEqual([true, true]);
});

test('any right-shaped nonsense is refused, and nothing throws', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      expect(both(event)).toEqual([false, false]);
    }),
    { numRuns: 50 },
  );
});

test('an event of megabytes is judged, and the next one too', () => {
  const huge = sign('x'.repeat(1_000_000));
  expect(wasm.verify(huge)).toBe(true);
  expect(wasm.verify({ ...huge, sig: 'a'.repeat(128) })).toBe(false);
  expect(wasm.verify(sign('small'))).toBe(true);
});

test('where WASM breaks down, plain JavaScript answers', () => {
  const broken = wasmVerifier({
    verifyEvent: () => {
      throw new RangeError('out of memory');
    },
  });
  const event = sign('x');
  expect(broken.verify(event)).toBe(true);
  expect(broken.verify({ ...event, content: 'y' })).toBe(false);
});
