import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvent, anyJson, anyText, hex64, nearlyEvent } from '../../../tests/support/wire-arbitraries.ts';
import { encodeRelayMessage, parseClientMessage, parseRelayMessage } from './messages.ts';
import type { RelayMessage } from './messages.ts';

const verb = fc.constantFrom(
  'EVENT',
  'REQ',
  'COUNT',
  'CLOSE',
  'AUTH',
  'OK',
  'EOSE',
  'CLOSED',
  'NOTICE',
  'NEG-OPEN',
  'NEG-MSG',
  'NEG-CLOSE',
  'NEG-ERR',
);
const frame = fc.oneof(
  anyText,
  fc.json(),
  fc
    .tuple(verb, fc.array(fc.oneof(anyJson, nearlyEvent, anyText), { maxLength: 4 }))
    .map(([v, rest]) => JSON.stringify([v, ...rest])),
);

test('parseClientMessage never throws, and its refusal is a sentence', () => {
  fc.assert(
    fc.property(frame, (text) => {
      const result = parseClientMessage(text);
      if (result.ok) return;
      expect(result.error.code).toBe('message');
      expect(result.error.message.length).toBeGreaterThan(3);
      expect(result.error.message.length).toBeLessThan(200);
    }),
    { numRuns: 2000 },
  );
});

test('parseRelayMessage never throws', () => {
  fc.assert(
    fc.property(frame, (text) => {
      const result = parseRelayMessage(text);
      if (!result.ok) expect(result.error.code).toBe('message');
    }),
    { numRuns: 2000 },
  );
});

test('right frames of a client are read', () => {
  fc.assert(
    fc.property(anyEvent, fc.string({ minLength: 1, maxLength: 64 }), (event, subscription) => {
      const read = (...parts: unknown[]) => parseClientMessage(JSON.stringify(parts));
      const wire = JSON.parse(JSON.stringify(event)) as unknown;
      expect(read('EVENT', event)).toEqual({ ok: true, value: { type: 'EVENT', event: wire } });
      expect(read('AUTH', event)).toEqual({ ok: true, value: { type: 'AUTH', event: wire } });
      expect(read('REQ', subscription, { kinds: [event.kind] }, {})).toEqual({
        ok: true,
        value: { type: 'REQ', subscription, filters: [{ kinds: [event.kind] }, {}] },
      });
      expect(read('CLOSE', subscription)).toEqual({ ok: true, value: { type: 'CLOSE', subscription } });
    }),
  );
});

test.each([
  ['{}', /array/],
  ['[]', /unknown/],
  ['["event",{}]', /unknown/],
  ['["REQ","s"]', /filter/],
  ['["REQ","",{}]', /1 to 64/],
  [`["REQ","${'s'.repeat(65)}",{}]`, /1 to 64/],
  ['["REQ",1,{}]', /1 to 64/],
  ['["REQ","s",{"nope":1}]', /nope/],
  ['["CLOSE"]', /names/],
  ['["NEG-OPEN","s",{},"6"]', /hex/],
  ['["NEG-OPEN","s",{},"6G"]', /hex/],
  ['["NEG-OPEN","s",{}]', /hex/],
  ['["NEG-OPEN","s",[],"61"]', /object/],
  ['["NEG-OPEN","",{},"61"]', /1 to 64/],
  ['["NEG-MSG","s",["61"]]', /hex/],
  ['["NEG-CLOSE"]', /1 to 64/],
  ['["EVENT"]', /object/],
  ['["EVENT",', /JSON/],
  [`["REQ","s",${'['.repeat(40)}`, /deeper/],
])('parseClientMessage(%j) is refused in words', (text, words) => {
  const result = parseClientMessage(text);
  expect(result.ok || result.error.message).toMatch(words);
});

test('a refusal names the event or the subscription, so that the answer can', () => {
  const bad = parseClientMessage(JSON.stringify(['EVENT', { id: 'a'.repeat(900) }]));
  expect(bad).toMatchObject({ ok: false, error: { eventId: 'a'.repeat(64) } });
  expect(parseClientMessage('["COUNT","s",[]]')).toMatchObject({ error: { subscription: 's' } });
});

test('a reconciliation is read, and its refusal names it apart from subscriptions', () => {
  const message = Uint8Array.of(0x61, 0xff);
  expect(parseClientMessage('["NEG-OPEN","s",{"kinds":[1]},"61ff"]')).toEqual({
    ok: true,
    value: { type: 'NEG-OPEN', subscription: 's', filter: { kinds: [1] }, message },
  });
  expect(parseClientMessage('["NEG-MSG","s","61ff"]')).toEqual({
    ok: true,
    value: { type: 'NEG-MSG', subscription: 's', message },
  });
  expect(parseClientMessage('["NEG-CLOSE","s"]')).toEqual({
    ok: true,
    value: { type: 'NEG-CLOSE', subscription: 's' },
  });
  const { error } = parseClientMessage('["NEG-MSG","s","x"]') as { error: object };
  expect(error).toMatchObject({ reconciliation: 's' });
  expect(error).not.toHaveProperty('subscription');
});

const relayMessage: fc.Arbitrary<RelayMessage> = fc.oneof(
  fc.tuple(fc.constant('EVENT' as const), fc.string(), anyEvent),
  fc.tuple(fc.constant('OK' as const), hex64, fc.boolean(), fc.string()),
  fc.tuple(fc.constantFrom('EOSE' as const, 'NOTICE' as const, 'AUTH' as const), fc.string()),
  fc.tuple(
    fc.constantFrom('CLOSED' as const, 'NEG-MSG' as const, 'NEG-ERR' as const),
    fc.string(),
    fc.string(),
  ),
  fc.tuple(fc.constant('COUNT' as const), fc.string(), fc.record({ count: fc.nat() })),
);

test('what a relay encodes, a client reads', () => {
  fc.assert(
    fc.property(relayMessage, (message) => {
      expect(parseRelayMessage(encodeRelayMessage(message))).toEqual({ ok: true, value: message });
    }),
    { numRuns: 500 },
  );
});

test('a newer or lazy relay is understood, a lying one is not', () => {
  expect(parseRelayMessage('["OK","a",true]')).toEqual({ ok: true, value: ['OK', 'a', true, ''] });
  expect(parseRelayMessage('["CLOSED","s"]')).toEqual({ ok: true, value: ['CLOSED', 's', ''] });
  expect(parseRelayMessage('["EOSE","s","more",{}]')).toEqual({ ok: true, value: ['EOSE', 's'] });
  for (const lie of [
    '["OK","a","true"]',
    '["COUNT","s",{"count":-1}]',
    '["COUNT","s",{"count":1.5}]',
    '["EVENT","s",{}]',
    '["NEG-MSG","s"]',
  ])
    expect(parseRelayMessage(lie).ok).toBe(false);
});
