/** Reading a body: one buffer for all of it where who takes the bytes keeps none of them. */

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes that are read at once. */
const BUFFER_BYTES = 512 << 10;

export interface ByteReader {
  /** Undefined at the end. Throws what cuts the body off. */
  read(): Promise<Bytes | undefined>;
  /** Nothing more is wanted. */
  cancel(): Promise<void>;
}

/** Thousands of small buffers would wait for the collector. Undefined where bodies cannot be read so. */
const reusing = (body: ReadableStream<Bytes>): ByteReader | undefined => {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
  let buffer = new ArrayBuffer(BUFFER_BYTES);
  return {
    read: async () => {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done) return undefined;
      buffer = value.buffer;
      return value;
    },
    cancel: () => reader.cancel(),
  };
};

const plain = (body: ReadableStream<Bytes>): ByteReader => {
  const reader = body.getReader();
  return { read: async () => (await reader.read()).value, cancel: () => reader.cancel() };
};

/** `isKept`: the bytes of one read are still looked at after the next one. */
export const readBytes = (body: ReadableStream<Bytes>, isKept: boolean): ByteReader =>
  (isKept ? undefined : reusing(body)) ?? plain(body);
