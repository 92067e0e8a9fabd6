import { bytesToHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { Dictionary } from './dictionary.ts';
import type { IdKey } from './ids.ts';
import { countPostings } from './postings.ts';
import { areOffsets, halfWords, readSections, words } from './segment-bytes.ts';
import type { Sections } from './segment-bytes.ts';

/** What can be found: `id` is an event id or any other name, `place` a conversation, `at` seconds since 1970. */
export interface SearchDocument {
  readonly id: string;
  readonly place: string;
  readonly author: string;
  readonly at: number;
  readonly text: string;
}

/** Most documents in one segment (a document's number shares 32 bits with its frequency). */
export const maxDocuments = 1 << 20;

/**
 * An immutable inverted index without the texts, opened over its bytes: nothing is parsed but the header. Documents
 * are numbered in order of time.
 */
export class Segment {
  readonly bytes: Uint8Array;
  readonly documents: number;
  /** Tokens of all documents. */
  readonly tokens: number;
  readonly terms: Dictionary;
  readonly postings: Uint8Array;
  /** Where each term's postings begin; one more at the end. */
  readonly postingOffsets: Uint32Array;
  readonly names: Dictionary;
  readonly places: Dictionary;
  readonly authors: Dictionary;
  /** Ids of 64 hex digits as 32 bytes each. */
  readonly packedIds: Uint8Array;
  /** A document's id: twice its number in `packedIds`, or twice its number in `names` plus one. */
  readonly idReference: Uint32Array;
  readonly place: Uint32Array;
  readonly author: Uint32Array;
  readonly at: Uint32Array;
  /** Tokens of each document. */
  readonly length: Uint16Array;
  #lookup: Float64Array | undefined;
  // By the key's first bits: whether any id has them. Nearly every question is about an id that isn't here.
  #filter = new Uint32Array(0);
  #filterShift = 0;

  private constructor(bytes: Uint8Array, parts: Sections<Uint8Array>) {
    this.bytes = bytes;
    this.terms = new Dictionary(words(parts.termOffsets), parts.termBlob);
    this.postingOffsets = words(parts.postingOffsets);
    this.postings = parts.postings;
    this.names = new Dictionary(words(parts.nameOffsets), parts.nameBlob);
    this.places = new Dictionary(words(parts.placeOffsets), parts.placeBlob);
    this.authors = new Dictionary(words(parts.authorOffsets), parts.authorBlob);
    this.packedIds = parts.packedIds;
    this.idReference = words(parts.idReference);
    this.place = words(parts.place);
    this.author = words(parts.author);
    this.at = words(parts.at);
    this.length = halfWords(parts.length);
    this.documents = this.at.length;
    this.tokens = this.length.reduce((sum, length) => sum + length, 0);
  }

  /** Opens what `freeze` or `mergeSegments` wrote. Fails with `damaged`. */
  static open(bytes: Uint8Array): Result<Segment, Failure<'damaged'>> {
    const parts = readSections(bytes);
    if (!parts.ok) return parts;
    const segment = new Segment(bytes, parts.value);
    return segment.#isSound() ? ok(segment) : fail('damaged', 'a search segment that contradicts itself');
  }

  /** In how many documents a term stands, dead ones counted until a merge drops them. */
  frequency(term: number): number {
    return countPostings(this.postings, this.postingOffsets[term]!);
  }

  /** The id of a document. */
  id(document: number): string {
    const reference = this.idReference[document]!;
    const number = reference >>> 1;
    return (reference & 1) === 1
      ? this.names.text(number)
      : bytesToHex(this.packedIds.subarray(number * 32, number * 32 + 32));
  }

  /** The document with an id, -1 when it isn't here. The first call sorts the ids' keys. */
  find(wanted: IdKey): number {
    const key = wanted.packed === undefined ? this.names.find(wanted.id) : wanted.key;
    if (key === -1) return -1;
    this.#lookup ??= this.#sortIds();
    if (wanted.packed !== undefined && !this.#mayHave(key)) return -1;
    let low = lowerBound(this.#lookup, key * maxDocuments);
    for (; low < this.documents && this.#lookup[low]! < (key + 1) * maxDocuments; low++) {
      const document = this.#lookup[low]! % maxDocuments;
      if (this.#has(document, wanted, key)) return document;
    }
    return -1;
  }

  #mayHave(key: number): boolean {
    const bit = key >>> this.#filterShift;
    return (this.#filter[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }

  #has(document: number, { packed }: IdKey, key: number): boolean {
    const reference = this.idReference[document]!;
    if (packed === undefined) return reference === key * 2 + 1;
    const at = (reference >>> 1) * 32;
    return (reference & 1) === 0 && packed.every((byte, i) => this.packedIds[at + i] === byte);
  }

  #sortIds(): Float64Array {
    const keys = new Float64Array(this.documents);
    const bits = Math.ceil(Math.log2(this.documents * 16 + 32));
    this.#filterShift = 32 - bits;
    this.#filter = new Uint32Array(2 ** (bits - 5));
    const view = new DataView(this.packedIds.buffer, this.packedIds.byteOffset, this.packedIds.byteLength);
    for (let document = 0; document < this.documents; document++) {
      const reference = this.idReference[document]!;
      const number = reference >>> 1;
      const key = (reference & 1) === 1 ? number : view.getUint32(number * 32 + 28);
      keys[document] = key * maxDocuments + document;
      const bit = key >>> this.#filterShift;
      this.#filter[bit >>> 5]! |= 1 << (bit & 31);
    }
    return keys.sort();
  }

  #isSound(): boolean {
    const { documents, terms, names, places, authors } = this;
    const columns = [this.idReference, this.place, this.author, this.length];
    return (
      documents <= maxDocuments &&
      columns.every((column) => column.length === documents) &&
      [terms, names, places, authors].every((part) => areOffsets(part.offsets, part.blob.length)) &&
      this.postingOffsets.length === terms.size + 1 &&
      areOffsets(this.postingOffsets, this.postings.length) &&
      this.#pointsInside()
    );
  }

  #pointsInside(): boolean {
    const packed = this.packedIds.length / 32;
    const { place, author, names, places, authors } = this;
    const isKnown = (reference: number): boolean =>
      reference >>> 1 < ((reference & 1) === 1 ? names.size : packed);
    return (
      Number.isInteger(packed) &&
      this.idReference.every(isKnown) &&
      place.every((number) => number < places.size) &&
      author.every((number) => number < authors.size)
    );
  }
}

const lowerBound = (sorted: Float64Array, key: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
};
