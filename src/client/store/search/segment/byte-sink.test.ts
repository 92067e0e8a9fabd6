import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteSink } from './byte-sink.ts';

const readVarints = (bytes: Uint8Array): number[] => {
  const values: number[] = [];
  let value = 0;
  let factor = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte > 0x7f) continue;
    values.push(value);
    value = 0;
    factor = 1;
  }
  return values;
};

test('varints come back, whatever the capacity to begin with', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 0xffff_ffff }), { maxLength: 50 }), fc.nat(20), (values, capacity) => {
      const sink = new ByteSink(capacity);
      for (const value of values) sink.varint(value);
      expect(readVarints(sink.take())).toEqual(values);
      expect(sink.length).toBe(sink.take().length);
    }),
  );
});

test.each([
  [0, 1],
  [127, 1],
  [128, 2],
  [16_383, 2],
  [16_384, 3],
  [0xffff_ffff, 5],
])('%d takes %d bytes', (value, length) => {
  const sink = new ByteSink();
  sink.varint(value);
  expect(sink.length).toBe(length);
});

test('appended pieces stand one behind the other, short and long', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), fc.nat(9), (pieces, skip) => {
      const sink = new ByteSink(0);
      for (const piece of pieces) sink.append(piece, Math.min(skip, piece.length));
      expect([...sink.take()]).toEqual(pieces.flatMap((piece) => [...piece.slice(skip)]));
    }),
  );
});

test('what was taken does not change with what follows', () => {
  const sink = new ByteSink();
  sink.append(Uint8Array.of(1, 2));
  const taken = sink.take();
  sink.append(Uint8Array.of(3));
  expect([[...taken], [...sink.take()]]).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
});
