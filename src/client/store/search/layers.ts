import type { Failure, Result } from '#shared/result.ts';
import { ByteSink } from './segment/byte-sink.ts';
import { idKey } from './segment/ids.ts';
import { mergeSegments } from './segment/merge.ts';
import type { Layer } from './resolve.ts';
import { maxDocuments, Segment } from './segment/segment.ts';
import { wellFormed } from '#shared/words/fold.ts';

/** A segment as the store keeps it: both byte arrays are to be sealed. */
export interface StoredSegment {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** Its dead documents, absent when there are none. */
  readonly dead?: Uint8Array;
}

/** What to write and delete, in one transaction. */
export interface SegmentChanges {
  readonly put: readonly StoredSegment[];
  readonly drop: readonly number[];
  /** Segments already stored whose dead documents changed. */
  readonly dead: readonly { readonly number: number; readonly dead: Uint8Array }[];
}

const fanOut = 4;
const smallest = 256;

/** The segments of an index, log-structured: small ones are merged into larger ones, dead documents leave at merges. */
export class Layers {
  readonly list: Layer[] = [];
  #next = 1;
  // What the store has: each segment's number, and how many of its documents it knows to be dead.
  readonly #stored = new Map<number, number>();

  /** Takes a segment from the store. Fails with `damaged`, taking nothing. */
  restore({ number, bytes, dead }: StoredSegment): Result<Segment, Failure<'damaged'>> {
    const opened = Segment.open(bytes);
    if (!opened.ok) return opened;
    const layer = layerOf(number, opened.value);
    if (dead !== undefined) bury(layer, dead);
    this.list.push(layer);
    this.#stored.set(number, layer.deadCount);
    this.#next = Math.max(this.#next, number + 1);
    return opened;
  }

  /** Adds a segment just written. */
  add(bytes: Uint8Array): void {
    const segment = openOwn(bytes);
    if (segment.documents > 0) this.list.push(layerOf(this.#next++, segment));
  }

  /** Marks a document dead wherever it lives; true when it did. */
  remove(id: string): boolean {
    const wanted = idKey(wellFormed(id));
    for (const layer of this.list) {
      const document = layer.segment.find(wanted);
      if (document === -1 || layer.dead[document] === 1) continue;
      layer.dead[document] = 1;
      layer.deadCount++;
      return true;
    }
    return false;
  }

  /** Merges once where it is due: four segments of a size, or one with a quarter dead. False when all is tidy. */
  tidy(): boolean {
    const decayed = this.list.find((layer) => layer.deadCount * fanOut > layer.segment.documents);
    const due = decayed === undefined ? this.#dueTier() : [decayed];
    if (due === undefined) return false;
    this.#merge(due);
    return true;
  }

  /** Rewrites every segment with dead documents: their words are in no bytes any more. */
  shred(): void {
    for (const layer of this.list.filter((each) => each.deadCount > 0)) this.#merge([layer]);
  }

  /** What changed since the last call. Whoever takes it must write it. */
  takeChanges(): SegmentChanges {
    const here = new Set(this.list.map((layer) => layer.number));
    const drop = [...this.#stored.keys()].filter((number) => !here.has(number));
    const fresh = this.list.filter((layer) => !this.#stored.has(layer.number));
    const changed = this.list.filter(
      (layer) => (this.#stored.get(layer.number) ?? layer.deadCount) !== layer.deadCount,
    );
    for (const number of drop) this.#stored.delete(number);
    for (const layer of [...fresh, ...changed]) this.#stored.set(layer.number, layer.deadCount);
    return {
      put: fresh.map((layer) => ({
        number: layer.number,
        bytes: layer.segment.bytes,
        ...(layer.deadCount > 0 ? { dead: obituary(layer) } : {}),
      })),
      drop,
      dead: changed.map((layer) => ({ number: layer.number, dead: obituary(layer) })),
    };
  }

  #dueTier(): Layer[] | undefined {
    const tiers = new Map<number, Layer[]>();
    for (const layer of this.list) {
      const tier = tierOf(layer);
      const peers = [...(tiers.get(tier) ?? []), layer];
      const documents = peers.reduce((sum, { segment }) => sum + segment.documents, 0);
      if (documents > maxDocuments) continue;
      if (peers.length === fanOut) return peers;
      tiers.set(tier, peers);
    }
    return undefined;
  }

  #merge(layers: readonly Layer[]): void {
    const bytes = mergeSegments(layers);
    for (const layer of layers) this.list.splice(this.list.indexOf(layer), 1);
    this.add(bytes);
  }
}

/** Opens bytes this device has just written: that they are damaged would be a bug. */
export const openOwn = (bytes: Uint8Array): Segment => {
  const opened = Segment.open(bytes);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
};

/** A segment with nothing dead. */
export const layerOf = (number: number, segment: Segment): Layer => ({
  number,
  segment,
  dead: new Uint8Array(segment.documents),
  deadCount: 0,
});

const tierOf = ({ segment }: Layer): number =>
  Math.max(0, Math.floor(Math.log(segment.documents / smallest) / Math.log(fanOut)) + 1);

// The dead documents' numbers, each as the step from the one before.
const obituary = (layer: Layer): Uint8Array => {
  const sink = new ByteSink(layer.deadCount + 8);
  let previous = 0;
  for (const [document, isDead] of layer.dead.entries()) {
    if (isDead === 0) continue;
    sink.varint(document - previous);
    previous = document;
  }
  return sink.take();
};

const bury = (layer: Layer, steps: Uint8Array): void => {
  let document = 0;
  let step = 0;
  let shift = 0;
  for (const byte of steps) {
    step |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte > 0x7f) continue;
    document += step;
    if (document < layer.dead.length && layer.dead[document] === 0) {
      layer.dead[document] = 1;
      layer.deadCount++;
    }
    step = 0;
    shift = 0;
  }
};
