const notHex = 255;
const valueOf = new Uint8Array(128).fill(notHex);
for (const [value, digit] of Array.from('0123456789abcdef').entries()) valueOf[digit.charCodeAt(0)] = value;

const nibble = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code < 128 ? valueOf[code]! : notHex;
};

/** Writes an id of 64 lower-case hex digits as 32 bytes; false (and rubbish written) for any other. */
export const packId = (id: string, into: Uint8Array, at: number): boolean => {
  if (id.length !== 64) return false;
  for (let i = 0; i < 32; i++) {
    const high = nibble(id, i * 2);
    const low = nibble(id, i * 2 + 1);
    if (high === notHex || low === notHex) return false;
    into[at + i] = high * 16 + low;
  }
  return true;
};

/** An id made ready for `Segment.find`: `packed` when it is one of 64 hex digits, with its last four bytes as `key` (mined ids share
 * their first). */
export interface IdKey {
  readonly id: string;
  readonly packed: Uint8Array | undefined;
  readonly key: number;
}

/** Makes an id ready, once for many segments. `id` must be well-formed. */
export const idKey = (id: string): IdKey => {
  const bytes = new Uint8Array(32);
  const packed = packId(id, bytes, 0) ? bytes : undefined;
  return { id, packed, key: new DataView(bytes.buffer).getUint32(28) };
};
