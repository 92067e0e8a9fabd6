import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopHits } from './top-hits.ts';
import type { Candidate } from './top-hits.ts';

const byDocument = (a: Candidate, b: Candidate): number => a.document - b.document;
const candidates = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 3 })), { maxLength: 80 })
  .map((pairs) => pairs.map(([score, at], document): Candidate => ({ layer: 0, document, score, at })));

test('keeps the best: by score, then newest, then the tie-break', () => {
  fc.assert(
    fc.property(candidates, fc.integer({ min: 1, max: 12 }), (all, limit) => {
      const top = new TopHits(limit, byDocument);
      for (const candidate of all) top.offer(candidate);
      const sorted = [...all].sort((a, b) => b.score - a.score || b.at - a.at || byDocument(a, b));
      expect(top.sorted()).toEqual(sorted.slice(0, limit));
      expect(top.bar).toBe(all.length < limit ? -Infinity : sorted[limit - 1]!.score);
    }),
    { numRuns: 300 },
  );
});
