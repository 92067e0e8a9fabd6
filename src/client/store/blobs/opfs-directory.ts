/** Blobs in the browser's private file system (OPFS): one folder a profile. */
import { draftName } from './blob-directory.ts';
import type { BlobDirectory, BlobDraft } from './blob-directory.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The parts that workers alone, or newer browsers, have. */
interface SyncHandle {
  write(bytes: Bytes, options: { readonly at: number }): number;
  flush(): void;
  close(): void;
}
type FileHandle = FileSystemFileHandle & {
  createSyncAccessHandle?(): Promise<SyncHandle>;
  move?(name: string): Promise<void>;
};

const MOST_LOOKS = 5;
const BLOBS = 'blobs';
/** Where files wait until they are sent. */
export const OUTGOING = 'outgoing';
/** What can be had again, and makes room when it must. */
export const SEEN = 'seen';

/** The folder of a profile, made with its first use. */
export const openBlobDirectory = async (
  profile: string,
  folder: typeof BLOBS | typeof OUTGOING | typeof SEEN = BLOBS,
): Promise<BlobDirectory> => {
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle(folder, { create: true });
  return new OpfsDirectory(await all.getDirectoryHandle(profile, { create: true }));
};

/** True where something of a profile waits to be sent, or the browser refuses to tell. */
export const hasOutgoing = async (profile: string): Promise<boolean> => {
  const root = await rootOrNone();
  const all = await root?.getDirectoryHandle(OUTGOING).catch(unlessMissing);
  const folder = await all?.getDirectoryHandle(profile).catch(unlessMissing);
  for await (const _ of folder?.keys() ?? []) return true;
  return false;
};

/** Removes everything of a profile; nothing happens where there is none, or no such file system. */
export const destroyBlobs = async (profile: string): Promise<void> => {
  // Where the browser refuses its file system, nothing was ever kept there.
  const root = await rootOrNone();
  for (const folder of [BLOBS, OUTGOING, SEEN]) {
    const all = await root?.getDirectoryHandle(folder).catch(unlessMissing);
    await all?.removeEntry(profile, { recursive: true }).catch(unlessMissing);
  }
};

const rootOrNone = async (): Promise<FileSystemDirectoryHandle | undefined> => {
  try {
    return await navigator.storage.getDirectory();
  } catch {
    return undefined;
  }
};

class OpfsDirectory implements BlobDirectory {
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async draft(): Promise<BlobDraft> {
    const handle = (await this.#folder.getFileHandle(draftName(), { create: true })) as FileHandle;
    const writer = handle.createSyncAccessHandle
      ? syncWriter(await handle.createSyncAccessHandle())
      : await streamWriter(handle);
    return {
      write: (bytes) => writer.write(bytes),
      finish: async (name) => {
        await writer.end();
        if (handle.move) await handle.move(name);
        else await this.#copy(handle, name);
      },
      drop: async () => {
        await writer.end().catch(() => undefined);
        await this.remove(handle.name);
      },
    };
  }

  async read(name: string, from: number, to: number): Promise<Bytes | undefined> {
    return this.#steady(async () => {
      const file = await this.#file(name);
      return file && new Uint8Array(await file.slice(from, to).arrayBuffer());
    });
  }

  async file(name: string): Promise<Blob | undefined> {
    return this.#steady(() => this.#file(name));
  }

  async size(name: string): Promise<number | undefined> {
    return this.#steady(async () => (await this.#file(name))?.size);
  }

  /** Another worker may put a new file in a name's place, or take it away, while this one reads: then it looks again. */
  async #steady<T>(look: () => Promise<T>): Promise<T> {
    for (let looks = 1; ; looks++)
      try {
        return await look();
      } catch (cause) {
        if (looks === MOST_LOOKS || !(isMissing(cause) || isReplaced(cause))) throw cause;
      }
  }

  async remove(name: string): Promise<void> {
    await this.#folder.removeEntry(name).catch(unlessMissing);
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.#folder.keys()) names.push(name);
    return names;
  }

  /**
   * For browsers whose files cannot be moved: a copy is begun and ended in one go by the stream, which swaps it in when it closes.
   */
  async #copy(handle: FileHandle, name: string): Promise<void> {
    const target = await this.#folder.getFileHandle(name, { create: true });
    const file = await handle.getFile();
    await file.stream().pipeTo(await target.createWritable());
    await this.remove(handle.name);
  }

  async #file(name: string): Promise<File | undefined> {
    try {
      return await (await this.#folder.getFileHandle(name)).getFile();
    } catch (cause) {
      return unlessMissing(cause);
    }
  }
}

interface Writer {
  write(bytes: Bytes): Promise<void>;
  /** Durable afterwards. */
  end(): Promise<void>;
}

const syncWriter = (handle: SyncHandle): Writer => {
  let at = 0;
  return {
    write: async (bytes) => {
      const written = handle.write(bytes, { at });
      at += written;
      if (written < bytes.length)
        throw new DOMException('The file could not be written.', 'QuotaExceededError');
    },
    end: async () => {
      handle.flush();
      handle.close();
    },
  };
};

const streamWriter = async (handle: FileHandle): Promise<Writer> => {
  const stream = await handle.createWritable();
  return { write: (bytes) => stream.write(bytes), end: () => stream.close() };
};

const isMissing = (cause: unknown): boolean =>
  cause instanceof DOMException && cause.name === 'NotFoundError';

/** What was opened is not what lies there now. */
const isReplaced = (cause: unknown): boolean =>
  cause instanceof DOMException && (cause.name === 'NotReadableError' || cause.name === 'InvalidStateError');

const unlessMissing = (cause: unknown): undefined => {
  if (!isMissing(cause)) throw cause;
  return undefined;
};
