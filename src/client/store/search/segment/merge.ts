import { ByteSink } from './byte-sink.ts';
import { DictionaryWriter, walkTogether } from './dictionary.ts';
import { tableOfOrigins } from './document-table.ts';
import type { Origin } from './document-table.ts';
import { readPostings, writePostings } from './postings.ts';
import { writeSections } from './segment-bytes.ts';
import { maxDocuments } from './segment.ts';
import type { Segment } from './segment.ts';

/** A segment and which of its documents are dead (1). */
export interface MergeSource {
  readonly segment: Segment;
  readonly dead: Uint8Array;
}

const gone = 0xffff_ffff;

/**
 * The bytes of one segment with all living documents of several (together at most `maxDocuments` of them). Words,
 * places and authors that only dead documents had are not in it. An id must live in one source only.
 */
export const mergeSegments = (sources: readonly MergeSource[]): Uint8Array<ArrayBuffer> => {
  const origins = byTime(sources);
  const numbers = sources.map(({ segment }) => new Uint32Array(segment.documents).fill(gone));
  for (const [number, origin] of origins.entries()) numbers[origin.source]![origin.document] = number;
  const segments = sources.map((source) => source.segment);
  return writeSections({ ...tableOfOrigins(segments, origins), ...mergePostings(segments, numbers) });
};

// Living documents in order of time. Time and number share a double's 53 bits.
const byTime = (sources: readonly MergeSource[]): Origin[] => {
  const living: Origin[] = [];
  for (const [source, { dead }] of sources.entries()) {
    for (const [document, isDead] of dead.entries()) if (isDead === 0) living.push({ source, document });
  }
  if (living.length > maxDocuments) throw new RangeError('more documents than one segment can number');
  const keys = Float64Array.from(
    living,
    ({ source, document }, i) => sources[source]!.segment.at[document]! * maxDocuments + i,
  ).sort();
  return Array.from(keys, (key) => living[key % maxDocuments]!);
};

const mergePostings = (segments: readonly Segment[], numbers: readonly Uint32Array[]) => {
  const total = segments.reduce((sum, segment) => sum + segment.documents, 0);
  const entries = new Uint32Array(total);
  const list = new Uint32Array(total);
  const writer = new DictionaryWriter();
  const postings = new ByteSink(segments.reduce((sum, segment) => sum + segment.postings.length, 64));
  const offsets: number[] = [0];
  walkTogether(
    segments.map((segment) => segment.terms),
    (source, index, terms) => {
      let count = 0;
      for (let s = 0; s < segments.length; s++) {
        if (terms[s] === -1) continue;
        count = renumber(segments[s]!, terms[s]!, numbers[s]!, list, entries, count);
      }
      if (count === 0) return;
      writer.add(source.blob, source.offsets[index], source.offsets[index + 1]);
      writePostings(postings, ascending(entries, count));
      offsets.push(postings.length);
    },
  );
  const terms = writer.finish();
  return {
    termOffsets: terms.offsets,
    termBlob: terms.blob,
    postingOffsets: Uint32Array.from(offsets),
    postings: postings.take(),
  };
};

// Appends a term's living postings of one segment, under their new numbers.
const renumber = (
  segment: Segment,
  term: number,
  numbers: Uint32Array,
  list: Uint32Array,
  entries: Uint32Array,
  count: number,
): number => {
  const { postings, postingOffsets } = segment;
  const read = readPostings(postings, postingOffsets[term]!, postingOffsets[term + 1]!, list);
  let at = count;
  for (let i = 0; i < read; i++) {
    const number = numbers[list[i]! >>> 8]!;
    if (number !== gone) entries[at++] = number * 256 + (list[i]! & 0xff);
  }
  return at;
};

// Segments mostly follow each other in time, so that there is seldom anything to sort.
const ascending = (entries: Uint32Array, count: number): Uint32Array => {
  const list = entries.subarray(0, count);
  for (let i = 1; i < count; i++) if (list[i]! < list[i - 1]!) return list.sort();
  return list;
};
