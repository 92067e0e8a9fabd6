import { expect, test } from 'vitest';
import { PIECE_BYTES } from '../outgoing/records.ts';
import { pieceReader } from './reading.ts';
import { UnreadableFile } from './send-file.ts';
import type { Part } from './send-file.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A piece whose bytes tell its number. */
const bytesOf = (number: number, size = PIECE_BYTES): Bytes => new Uint8Array(size).fill(number + 1);
const textOf = async (part: Part): Promise<string> => {
  const bytes = part instanceof Blob ? new Uint8Array(await part.arrayBuffer()) : part;
  const runs: string[] = [];
  for (let at = 0; at < bytes.length;) {
    let end = at;
    while (end < bytes.length && bytes[end] === bytes[at]) end++;
    runs.push(`${bytes[at]}×${end - at}`);
    at = end;
  }
  return runs.join(' ');
};

test('pieces that lie as they are sent go into one request', async () => {
  const read = pieceReader({ piece: async (number) => new Blob([bytesOf(number)]), words: '' });
  expect(await textOf(await read(PIECE_BYTES - 5, 2 * PIECE_BYTES + 7))).toBe(`1×5 2×${PIECE_BYTES} 3×7`);
  expect(await textOf(await read(3, 10))).toBe('1×7');
});

test('what is still being made is not waited for where something else is there', async () => {
  const asked: number[] = [];
  const read = pieceReader({
    piece: async (number) => (asked.push(number), new Blob([bytesOf(number)])),
    isThere: (number) => number < 1,
    words: '',
  });
  expect(await textOf(await read(10, 3 * PIECE_BYTES))).toBe(`1×${PIECE_BYTES - 10}`);
  expect(await textOf(await read(PIECE_BYTES, PIECE_BYTES + 4))).toBe('2×4');
  expect(asked).toEqual([0, 1]);
});

test('a piece in memory goes alone, and is fetched once', async () => {
  const asked: number[] = [];
  const read = pieceReader({ piece: async (number) => (asked.push(number), bytesOf(number)), words: '' });
  expect(await textOf(await read(0, 4))).toBe('1×4');
  expect(await textOf(await read(4, 2 * PIECE_BYTES))).toBe(`1×${PIECE_BYTES - 4}`);
  expect(asked).toEqual([0]);
});

test('a piece in memory behind one on the disk waits for its own request', async () => {
  const read = pieceReader({
    piece: async (number) => (number === 0 ? new Blob([bytesOf(0)]) : bytesOf(1)),
    words: '',
  });
  expect(await textOf(await read(1, 2 * PIECE_BYTES))).toBe(`1×${PIECE_BYTES - 1}`);
  expect(await textOf(await read(PIECE_BYTES, PIECE_BYTES + 2))).toBe('2×2');
});

test('a piece that is lost is said so', async () => {
  const read = pieceReader({ piece: async () => undefined, words: 'It is gone.' });
  await expect(read(0, 1)).rejects.toThrow(new UnreadableFile('It is gone.'));
});
