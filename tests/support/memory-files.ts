/** A folder of files in memory for blobs; may be damaged, and ends in the middle of writing when told. */
import { draftName } from '../../src/client/store/blobs/blob-directory.ts';
import type { BlobDirectory, BlobDraft } from '../../src/client/store/blobs/blob-directory.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export class MemoryFiles implements BlobDirectory {
  readonly files = new Map<string, Bytes>();
  /** Called before each piece is written; throws to refuse it. */
  guard: () => void = () => undefined;
  /** Names that the disk has no room for. */
  refuse: (name: string) => boolean = () => false;
  /** From here on nothing is cleared up any more, as after a crash. */
  isDead = false;

  async draft(): Promise<BlobDraft> {
    const own = draftName();
    this.files.set(own, new Uint8Array(0));
    return {
      write: async (bytes) => {
        this.guard();
        const before = this.files.get(own) ?? new Uint8Array(0);
        const after = new Uint8Array(before.length + bytes.length);
        after.set(before);
        after.set(bytes, before.length);
        this.files.set(own, after);
      },
      finish: async (name) => {
        this.guard();
        if (this.refuse(name)) throw new DOMException('full', 'QuotaExceededError');
        this.files.set(name, this.files.get(own) ?? new Uint8Array(0));
        this.files.delete(own);
      },
      drop: async () => void (this.isDead || this.files.delete(own)),
    };
  }
  read = async (name: string, from: number, to: number) => this.files.get(name)?.slice(from, to);
  file = async (name: string) => {
    const bytes = this.files.get(name);
    return bytes && new Blob([bytes]);
  };
  size = async (name: string) => this.files.get(name)?.length;
  remove = async (name: string) => void this.files.delete(name);
  names = async () => [...this.files.keys()];
}
