import { ByteSink } from './byte-sink.ts';
import { dictionaryOf, sortByCodePoint } from './dictionary.ts';
import { tableOfRows } from './document-table.ts';
import type { DocumentRow } from './document-table.ts';
import { wellFormed } from '#shared/words/fold.ts';
import { maxFrequency, writePostings } from './postings.ts';
import { writeSections } from './segment-bytes.ts';
import type { SearchDocument } from './segment.ts';
import { eachToken } from '#shared/words/tokens.ts';

interface BuiltDocument extends DocumentRow {
  /** Its postings in the builder's columns. */
  readonly from: number;
  readonly to: number;
}

/** Gathers documents in memory until `freeze` writes them as a segment. An id given again replaces its document. */
export class SegmentBuilder {
  readonly #numbers = new Map<string, number>();
  readonly #terms: string[] = [];
  // Postings in order of arrival: the term, how often.
  readonly #postingTerm: number[] = [];
  readonly #postingCount: number[] = [];
  // By term: its newest posting, to count repetitions.
  readonly #newest: number[] = [];
  readonly #documents = new Map<string, BuiltDocument>();

  /** Documents inside, replaced and removed ones not counted. */
  get size(): number {
    return this.#documents.size;
  }

  /** True while nothing was ever added: nothing to forget either. */
  get isEmpty(): boolean {
    return this.#postingTerm.length === 0 && this.#documents.size === 0;
  }

  /** Postings held, those of replaced documents too: a measure of memory. */
  get postings(): number {
    return this.#postingTerm.length;
  }

  /** Adds or replaces a document. */
  add(document: SearchDocument): void {
    const id = wellFormed(document.id);
    const from = this.#postingTerm.length;
    let length = 0;
    eachToken(document.text, (term) => {
      length++;
      this.#count(term, from);
    });
    this.#documents.delete(id);
    this.#documents.set(id, {
      id,
      place: wellFormed(document.place),
      author: wellFormed(document.author),
      at: seconds(document.at),
      length: Math.min(length, 0xffff),
      from,
      to: this.#postingTerm.length,
    });
  }

  /** Forgets a document; true when it was here. */
  remove(id: string): boolean {
    return this.#documents.delete(wellFormed(id));
  }

  /** The bytes of a segment of all documents: those removed or replaced leave no word behind. */
  freeze(): Uint8Array<ArrayBuffer> {
    const documents = [...this.#documents.values()].sort((a, b) => a.at - b.at);
    const starts = this.#listStarts(documents);
    const entries = this.#entries(documents, starts);
    const sorted = sortByCodePoint(this.#terms.filter((_, term) => starts[term + 1]! > starts[term]!));
    const postings = new ByteSink(entries.length * 2);
    const postingOffsets = new Uint32Array(sorted.length + 1);
    for (const [i, text] of sorted.entries()) {
      const term = this.#numbers.get(text)!;
      writePostings(postings, entries.subarray(starts[term], starts[term + 1]));
      postingOffsets[i + 1] = postings.length;
    }
    const terms = dictionaryOf(sorted);
    return writeSections({
      ...tableOfRows(documents),
      termOffsets: terms.offsets,
      termBlob: terms.blob,
      postingOffsets,
      postings: postings.take(),
    });
  }

  #count(text: string, from: number): void {
    let term = this.#numbers.get(text);
    if (term === undefined) {
      term = this.#terms.push(text) - 1;
      this.#numbers.set(text, term);
      this.#newest.push(-1);
    }
    const newest = this.#newest[term]!;
    if (newest >= from) {
      this.#postingCount[newest] = Math.min(this.#postingCount[newest]! + 1, maxFrequency);
      return;
    }
    this.#newest[term] = this.#postingTerm.length;
    this.#postingTerm.push(term);
    this.#postingCount.push(1);
  }

  // Where each term's list begins among the entries; one more at the end.
  #listStarts(documents: readonly BuiltDocument[]): Uint32Array {
    const starts = new Uint32Array(this.#terms.length + 1);
    for (const { from, to } of documents) {
      for (let i = from; i < to; i++) starts[this.#postingTerm[i]! + 1]!++;
    }
    for (let term = 0; term < this.#terms.length; term++) starts[term + 1]! += starts[term]!;
    return starts;
  }

  // All lists one behind the other; inside a list documents ascend because they are walked in order.
  #entries(documents: readonly BuiltDocument[], starts: Uint32Array): Uint32Array {
    const next = starts.slice();
    const entries = new Uint32Array(starts[this.#terms.length]!);
    for (const [number, { from, to }] of documents.entries()) {
      for (let i = from; i < to; i++) {
        const term = this.#postingTerm[i]!;
        entries[next[term]!++] = number * 256 + this.#postingCount[i]!;
      }
    }
    return entries;
  }
}

// Any number as seconds a 32-bit column can hold.
const seconds = (at: number): number =>
  Number.isFinite(at)
    ? Math.min(Math.max(Math.floor(at), 0), 0xffff_ffff)
    : at === Infinity
      ? 0xffff_ffff
      : 0;
