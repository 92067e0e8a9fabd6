import { ByteSink } from './byte-sink.ts';
import { dictionaryOf, DictionaryWriter, sortByCodePoint, walkTogether } from './dictionary.ts';
import type { Dictionary } from './dictionary.ts';
import { packId } from './ids.ts';
import type { Sections } from './segment-bytes.ts';
import type { Segment } from './segment.ts';

/** A document's row: what is kept of it besides its words. `length` counts its tokens. */
export interface DocumentRow {
  readonly id: string;
  readonly place: string;
  readonly author: string;
  readonly at: number;
  readonly length: number;
}

/** A document of one of several segments. */
export interface Origin {
  readonly source: number;
  readonly document: number;
}

type TableSections = Omit<
  Sections<ArrayBufferView>,
  'termOffsets' | 'termBlob' | 'postings' | 'postingOffsets'
>;

/** The document table of rows, in their order. Strings must be well-formed. */
export const tableOfRows = (rows: readonly DocumentRow[]): TableSections => {
  const packedIds = new Uint8Array(rows.length * 32);
  let packed = 0;
  // -1 for now where an id is no hex: its number is known when all names are.
  const packedAt = rows.map(({ id }) => (packId(id, packedIds, packed * 32) ? packed++ : -1));
  const names = interned(rows.filter((_, i) => packedAt[i] === -1).map((row) => row.id));
  const places = interned(rows.map((row) => row.place));
  const authors = interned(rows.map((row) => row.author));
  return {
    ...stringSections(names.dictionary, places.dictionary, authors.dictionary),
    packedIds: packedIds.subarray(0, packed * 32),
    idReference: Uint32Array.from(rows, ({ id }, i) =>
      packedAt[i] === -1 ? names.numbers.get(id)! * 2 + 1 : packedAt[i]! * 2,
    ),
    place: Uint32Array.from(rows, (row) => places.numbers.get(row.place) ?? 0),
    author: Uint32Array.from(rows, (row) => authors.numbers.get(row.author) ?? 0),
    at: Uint32Array.from(rows, (row) => row.at),
    length: Uint16Array.from(rows, (row) => row.length),
  };
};

/** The document table of documents picked from several segments; strings nobody of them has any more are left out. */
export const tableOfOrigins = (sources: readonly Segment[], origins: readonly Origin[]): TableSections => {
  const column = (pick: (segment: Segment) => Uint32Array | Uint16Array) => (origin: Origin) =>
    pick(sources[origin.source]!)[origin.document]!;
  const places = union(
    sources,
    (segment) => segment.places,
    origins,
    column((segment) => segment.place),
  );
  const authors = union(
    sources,
    (segment) => segment.authors,
    origins,
    column((segment) => segment.author),
  );
  const reference = column((segment) => segment.idReference);
  const named = origins.filter((origin) => (reference(origin) & 1) === 1);
  const names = union(
    sources,
    (segment) => segment.names,
    named,
    (origin) => reference(origin) >>> 1,
  );
  const ids = new ByteSink(origins.length * 32);
  const idReference = Uint32Array.from(origins, (origin) => {
    const number = reference(origin) >>> 1;
    if ((reference(origin) & 1) === 1) return names.numbers[origin.source]![number]! * 2 + 1;
    ids.append(sources[origin.source]!.packedIds, number * 32, number * 32 + 32);
    return (ids.length / 32 - 1) * 2;
  });
  return {
    ...stringSections(names.dictionary, places.dictionary, authors.dictionary),
    packedIds: ids.take(),
    idReference,
    place: Uint32Array.from(origins, (origin) => places.of(origin)),
    author: Uint32Array.from(origins, (origin) => authors.of(origin)),
    at: Uint32Array.from(
      origins,
      column((segment) => segment.at),
    ),
    length: Uint16Array.from(
      origins,
      column((segment) => segment.length),
    ),
  };
};

const stringSections = (names: Dictionary, places: Dictionary, authors: Dictionary) => ({
  nameOffsets: names.offsets,
  nameBlob: names.blob,
  placeOffsets: places.offsets,
  placeBlob: places.blob,
  authorOffsets: authors.offsets,
  authorBlob: authors.blob,
});

const interned = (texts: readonly string[]) => {
  const sorted = sortByCodePoint([...new Set(texts)]);
  return {
    dictionary: dictionaryOf(sorted),
    numbers: new Map(sorted.map((text, number) => [text, number])),
  };
};

// One dictionary of the strings in use, and each source's old number → new number.
const union = (
  sources: readonly Segment[],
  dictionaryIn: (segment: Segment) => Dictionary,
  origins: readonly Origin[],
  numberOf: (origin: Origin) => number,
) => {
  const used = sources.map((segment) => new Uint8Array(dictionaryIn(segment).size));
  for (const origin of origins) used[origin.source]![numberOf(origin)] = 1;
  const numbers = used.map((flags) => new Uint32Array(flags.length));
  const writer = new DictionaryWriter();
  walkTogether(sources.map(dictionaryIn), (source, index, found) => {
    if (!found.some((old, s) => old !== -1 && used[s]![old] === 1)) return;
    const number = writer.add(source.blob, source.offsets[index], source.offsets[index + 1]);
    for (const [s, old] of found.entries()) if (old !== -1) numbers[s]![old] = number;
  });
  return {
    dictionary: writer.finish(),
    numbers,
    of: (origin: Origin): number => numbers[origin.source]![numberOf(origin)]!,
  };
};
