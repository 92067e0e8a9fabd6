/** A file sealed in chunks, and a city that gives parts of it: as it is, or as somebody made it. */
import { createHash } from 'node:crypto';
import { CHUNK_BYTES, FileSealer, TAG_BYTES } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';

type Bytes = Uint8Array<ArrayBuffer>;
export const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;

export const key: FileKey = {
  algorithm: 'aes-gcm-stream',
  key: new Uint8Array(32).fill(7),
  nonce: new Uint8Array(7).fill(9),
};

/** So many bytes that no two chunks share. */
export const plainBytes = (size: number): Bytes => {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 12) * 7) % 253;
  return bytes;
};

export const seal = async (plain: Bytes): Promise<Bytes> => {
  const sealer = await FileSealer.open(key);
  const count = Math.max(1, Math.ceil(plain.length / CHUNK_BYTES));
  const chunks = Array.from({ length: count }, (_, n) =>
    sealer.sealChunk(plain.slice(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES), n, n === count - 1),
  );
  return new Uint8Array(Buffer.concat(await Promise.all(chunks)));
};

export const sha256 = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex');

/** Answers ranges as the city does; `asked` are the ranges in order. */
export const sealedCity = (bytes: Bytes) => {
  const asked: string[] = [];
  const fetch = (async (_url: unknown, init?: RequestInit) => {
    const range = new Headers(init?.headers).get('range') ?? '';
    asked.push(range);
    const [, first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(range) ?? [];
    const start = Number(first);
    const end = Math.min(last === '' ? Infinity : Number(last), bytes.length - 1);
    if (start >= bytes.length) return new Response(null, { status: 416 });
    const headers = { 'content-range': `bytes ${start}-${end}/${bytes.length}` };
    return new Response(bytes.slice(start, end + 1), { status: 206, headers });
  }) as typeof globalThis.fetch;
  return { asked, ports: { fetch, wait: () => Promise.resolve() } };
};
