import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GrowingBlob } from './growing-blob.ts';

test('writes in any order over what is there make the same bytes as in an array', async () => {
  const write = fc.record({
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    data: fc.uint8Array({ maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 12 }), async (writes) => {
      const blob = new GrowingBlob();
      let model: number[] = [];
      for (const { part, data } of writes) {
        const at = Math.round(part * model.length);
        blob.write(at, Uint8Array.from(data));
        model = [...model.slice(0, at), ...data, ...model.slice(at + data.length)];
        expect(blob.size).toBe(model.length);
      }
      const finished = blob.finish('video/mp4');
      expect(finished.type).toBe('video/mp4');
      expect([...new Uint8Array(await finished.arrayBuffer())]).toEqual(model);
    }),
    { numRuns: 60 },
  );
});

test('a hole is a bug, and what was handed over may be changed afterwards', async () => {
  const blob = new GrowingBlob();
  expect(() => blob.write(1, new Uint8Array(1))).toThrow(RangeError);
  const data = Uint8Array.of(1, 2);
  blob.write(0, data);
  data.fill(9);
  expect([...new Uint8Array(await blob.finish('').arrayBuffer())]).toEqual([1, 2]);
});
