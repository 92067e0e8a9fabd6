/** What strangers may send, for property tests: any text (lone surrogates too), any JSON, events that are nearly right. */
import fc from 'fast-check';
import type { NostrEvent } from '../../src/protocol/event.ts';

const hexDigits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''));

/** 64 lower-case hex digits. */
export const hex64 = hexDigits(64);
/** 128 lower-case hex digits. */
export const hex128 = hexDigits(128);

/** UTF-16 code units at random: controls, bidi marks, lone surrogates. */
const rawText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0x2000, max: 0x206f }),
      fc.integer({ min: 0, max: 0xff }),
      fc.integer({ min: 0xd800, max: 0xdfff }),
      fc.integer({ min: 0x300, max: 0x36f }),
    ),
    { maxLength: 60 },
  )
  .map((codes) => String.fromCharCode(...codes));

/** Text of every sort. */
export const anyText = fc.oneof(
  rawText,
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string(),
);

/** Text that UTF-8 can carry (no lone surrogates). */
export const wellFormedText = fc.string({ unit: 'binary' });

/** Anything JSON can say. */
export const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constant(null), fc.array(fc.jsonValue()));

const tagName = fc.oneof(
  fc.constantFrom(
    'e',
    'p',
    'h',
    'd',
    'g',
    'q',
    'r',
    'k',
    'E',
    'name',
    'about',
    'picture',
    'private',
    'closed',
  ),
  fc.constantFrom(
    'hidden',
    'restricted',
    'group',
    'expiration',
    'nonce',
    'relay',
    'challenge',
    'supported_kinds',
  ),
  anyText,
);
const tagItem = fc.oneof(
  hex64,
  anyText,
  fc.constantFrom('', 'root', 'reply', 'mention', 'u33d', 'wss://a.example'),
);

/** A tag as anybody might write it. */
const anyTag = fc.tuple(tagName, fc.array(tagItem, { maxLength: 5 })).map(([name, rest]) => [name, ...rest]);

/** Kinds with a meaning here, and others. */
const anyKind = fc.oneof(
  fc.constantFrom(0, 1, 5, 7, 9, 11, 1111, 9000, 9002, 9007, 9021, 10002, 10009, 22242, 39000, 39001, 39002),
  fc.integer({ min: 0, max: 65535 }),
);

/** An event of right shape and arbitrary sense; id and signature are not the right ones. */
export const anyEvent: fc.Arbitrary<NostrEvent> = fc.record({
  id: hex64,
  pubkey: hex64,
  created_at: fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
  kind: anyKind,
  tags: fc.array(anyTag, { maxLength: 8 }),
  content: fc.oneof(anyText, fc.json()),
  sig: hex128,
});

/** The same with the kind held. */
export const eventOfKind = (kind: number): fc.Arbitrary<NostrEvent> =>
  anyEvent.map((event) => ({ ...event, kind }));

/** A right event of which one field was replaced by any JSON, or left out. */
export const nearlyEvent = fc
  .tuple(
    anyEvent,
    fc.constantFrom('id', 'pubkey', 'created_at', 'kind', 'tags', 'content', 'sig'),
    fc.option(anyJson),
  )
  .map(([event, field, value]): Record<string, unknown> => {
    const { [field as keyof NostrEvent]: _old, ...rest } = event;
    return value === null ? rest : { ...rest, [field]: value };
  });
