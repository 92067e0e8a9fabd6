/** Files on their way, in memory: for tests of what keeps and sends them. */
import { createHash } from 'node:crypto';
import {
  OutgoingFiles,
  makeUploadId,
  pieceCount,
  pieceRange,
} from '../../src/client/media/outgoing/outgoing-files.ts';
import type { Manifest } from '../../src/client/media/outgoing/records.ts';
import type { UploadLocks } from '../../src/client/media/sending/sender.ts';
import { makeDeviceKey } from '../../src/client/store/seal/lockbox.ts';
import { deviceSealer } from '../../src/client/store/seal/sealer.ts';
import { MemoryFiles } from './memory-files.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Locks among "tabs" of one test. */
const memoryLocks = (): UploadLocks => {
  const held = new Map<string, Promise<void>>();
  const hold = async (name: string, work: () => Promise<void>): Promise<void> => {
    const before = held.get(name) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => undefined);
    held.set(name, settled);
    await mine.finally(() => {
      if (held.get(name) === settled) held.delete(name);
    });
  };
  return {
    hold,
    attempt: async (name, work) => {
      if (held.has(name)) return false;
      await hold(name, work);
      return true;
    },
  };
};

/** A device's outgoing files; `again` opens them as another tab does. */
export const openMemoryOutgoing = async (disk = new MemoryFiles(), locks = memoryLocks()) => {
  const ears = new Set<() => void>();
  const sealer = deviceSealer(await makeDeviceKey(), { profile: 'p' });
  const tell = () => ears.forEach((ear) => setTimeout(ear));
  const again = () => new OutgoingFiles({ files: disk, sealer, locks, profile: 'p', tell });
  const hear = (changed: () => void) => {
    ears.add(changed);
    return () => void ears.delete(changed);
  };
  return { disk, locks, hear, again, files: again() };
};

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that no two seeds share. */
export const noise = (length: number, seed = 1): Bytes => {
  const bytes = new Uint8Array(length);
  let state = seed * 2654435761;
  for (let at = 0; at < length; at++)
    bytes[at] = (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  return bytes;
};

/** Keeps a whole file, ready to be sent. The token is whatever names the hash. */
export const keepFile = async (
  files: OutgoingFiles,
  bytes: Bytes,
  over: Partial<Manifest> & Pick<Manifest, 'server'>,
): Promise<Manifest> => {
  const hash = sha256(bytes);
  const manifest: Manifest = {
    v: 1,
    id: makeUploadId(),
    stage: 'ready',
    hash,
    name: 'cat.jpg',
    type: 'image/jpeg',
    size: bytes.length,
    isSealed: false,
    end: `Nostr ${hash}`,
    signedUntil: 4_000_000_000,
    at: Date.now(),
    ...over,
  };
  for (let n = 0; n < pieceCount(bytes.length); n++) {
    const { from, to } = pieceRange(bytes.length, n);
    await files.putPiece(manifest, n, bytes.slice(from, to));
  }
  await files.put(manifest);
  return manifest;
};
