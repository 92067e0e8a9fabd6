import { Layers, layerOf, openOwn } from './layers.ts';
import type { SegmentChanges, StoredSegment } from './layers.ts';
import { parseQuery } from '#shared/words/query.ts';
import type { Match } from '#shared/words/query.ts';
import { resolveClauses } from './resolve.ts';
import type { Layer } from './resolve.ts';
import { Scorer } from './scoring.ts';
import type { Scoring, SearchFilter } from './scoring.ts';
import { SegmentBuilder } from './segment/segment-builder.ts';
import type { SearchDocument } from './segment/segment.ts';
import { TopHits } from './top-hits.ts';
import type { Candidate } from './top-hits.ts';

/** Where to search and how many hits to give (50 unless told, at most 5000). */
export interface SearchOptions extends SearchFilter {
  readonly limit?: number;
}

/** A document found. */
export interface Hit {
  readonly id: string;
  readonly score: number;
  /** What to mark in its text (see `highlight`): the query's words and the near ones that stood in for them. */
  readonly terms: readonly Match[];
}

/** What a search found. */
export interface SearchResult {
  /** Best first. */
  readonly hits: readonly Hit[];
  /** How many documents match in all. */
  readonly total: number;
  /** False when no document has all the words: then the hits, if any, have some of them. */
  readonly all: boolean;
  /** Word sequences asked for in quotes: the hits have the words, `holdsPhrase` tells whether they have the sequence. */
  readonly phrases: readonly (readonly Match[])[];
}

const bufferedDocuments = 16_384;
const bufferedPostings = 1_000_000;
const viewedDocuments = 256;
const mostHits = 5000;

/** Full-text search over what was added: the newest documents in memory, the others in immutable segments. */
export class SearchIndex {
  readonly #layers = new Layers();
  readonly #scorer = new Scorer();
  #builder = new SegmentBuilder();
  #view: Layer | undefined;

  /** An index over stored segments; damaged ones are left out and named. */
  static open(stored: readonly StoredSegment[]): { readonly index: SearchIndex; readonly damaged: number[] } {
    const index = new SearchIndex();
    const damaged = stored.filter((segment) => !index.#layers.restore(segment).ok);
    return { index, damaged: damaged.map((segment) => segment.number) };
  }

  /** Documents only memory holds: lost with it unless `flush` and `takeChanges` follow. */
  get buffered(): number {
    return this.#builder.size;
  }

  /** Adds a document; one with the same id is replaced (an edit). Found by the next search. */
  add(document: SearchDocument): void {
    this.#layers.remove(document.id);
    this.#view = undefined;
    this.#builder.add(document);
    if (this.#builder.size >= bufferedDocuments || this.#builder.postings >= bufferedPostings) this.flush();
  }

  /** Removes a document: no search finds it any more. True when it was here. */
  remove(id: string): boolean {
    if (!this.#builder.remove(id)) return this.#layers.remove(id);
    this.#view = undefined;
    return true;
  }

  /** Makes a segment of what is buffered. */
  flush(): void {
    if (this.#builder.size > 0) this.#layers.add(this.#builder.freeze());
    this.#builder = new SegmentBuilder();
    this.#view = undefined;
  }

  /** One merge where one is due (tens to hundreds of milliseconds); false when there is none. */
  tidy(): boolean {
    return this.#layers.tidy();
  }

  /** Drops removed and replaced words from every byte at once, not only at the next merge. */
  shred(): void {
    this.#layers.shred();
    if (this.#builder.size === 0) this.#builder = new SegmentBuilder();
  }

  /** Segments to write and to delete since the last call, in one transaction. Call `flush` before to have everything. */
  takeChanges(): SegmentChanges {
    return this.#layers.takeChanges();
  }

  /**
   * The best documents for a query, by BM25 with a mild lift for newer ones: those with all its words, or when there are
   * none, those with some.
   */
  search(text: string, options: SearchOptions = {}): SearchResult {
    const { clauses, phrases } = parseQuery(text);
    const layers = this.#searched();
    const scoring: Scoring = {
      ...corpusOf(layers),
      steps: resolveClauses(clauses, layers),
      filter: options,
      all: true,
    };
    const strict = this.#collect(layers, scoring, options);
    const all = strict.total > 0;
    const { top, total } =
      all || clauses.length < 2 ? strict : this.#collect(layers, { ...scoring, all: false }, options);
    const terms = scoring.steps.flatMap((step) => step.matches);
    const hits = top.map((found): Hit => ({ id: idOf(layers, found), score: found.score, terms }));
    return { hits, total, all, phrases };
  }

  #collect(layers: readonly Layer[], scoring: Scoring, options: SearchOptions) {
    const top = new TopHits(limitOf(options), (a, b) => (idOf(layers, a) < idOf(layers, b) ? -1 : 1));
    let total = 0;
    for (const [i, layer] of scoring.steps.length === 0 ? [] : layers.entries()) {
      const { at } = layer.segment;
      total += this.#scorer.run(layer, i, scoring, {
        get bar() {
          return top.bar;
        },
        take: (document, score) => top.offer({ layer: i, document, score, at: at[document]! }),
      });
    }
    return { top: top.sorted(), total };
  }

  // The segments and, when documents are buffered, a segment of those: a small one is made anew after each addition,
  // a larger one stays.
  #searched(): Layer[] {
    if (this.#builder.size >= viewedDocuments) this.flush();
    if (this.#builder.size === 0) return this.#layers.list;
    this.#view ??= layerOf(0, openOwn(this.#builder.freeze()));
    return [...this.#layers.list, this.#view];
  }
}

const limitOf = ({ limit = 50 }: SearchOptions): number =>
  Math.min(Math.max(Math.floor(limit) || 0, 1), mostHits);

const idOf = (layers: readonly Layer[], { layer, document }: Candidate): string =>
  layers[layer]!.segment.id(document);

const corpusOf = (layers: readonly Layer[]): Pick<Scoring, 'meanLength' | 'newest'> => {
  const documents = layers.reduce((sum, { segment }) => sum + segment.documents, 0);
  const tokens = layers.reduce((sum, { segment }) => sum + segment.tokens, 0);
  const newest = Math.max(0, ...layers.map(({ segment }) => segment.at[segment.documents - 1] ?? 0));
  return { meanLength: tokens / Math.max(documents, 1), newest };
};
