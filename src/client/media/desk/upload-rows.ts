/** Files on their way as screens see them. */
import type { PreparedFile, UploadRow, UploadState } from '../media.ts';
import type { Upload } from '../outgoing/records.ts';

/** Stored files that are still shown as such. */
const MOST_STORED = 50;

/** Keeps what a screen shall see between two looks at the disk: bytes just sent, and what was stored a moment ago. */
export class UploadRows {
  readonly #sent = new Map<string, number>();
  #known = new Map<string, UploadRow>();
  #stored: readonly UploadRow[] = [];

  /** The city has so many bytes of a file; the disk is told later. */
  sent(id: string, bytes: number): void {
    this.#sent.set(id, bytes);
  }

  /** It was kept a moment ago: it may be stored before the next look at the disk. */
  offered(hash: string, { name, type, body }: Pick<PreparedFile, 'name' | 'type' | 'body'>): void {
    this.#known.set(hash, { hash, name, type, size: body.size, sent: 0, state: 'waiting' });
  }

  /** It was given up: when it leaves the disk it is not stored. */
  forget(id: string): void {
    this.#sent.delete(id);
    this.#known.delete(id);
  }

  /** Rows out of what lies on the disk. What has left it since the last look is stored. */
  look(uploads: readonly Upload[]): UploadRow[] {
    const rows = new Map<string, UploadRow>();
    const hidden = new Set<string>();
    for (const upload of uploads) {
      const { id, of, stage, isSealed } = upload.manifest;
      const isMade = stage === 'ready' || isSealed;
      if (of !== undefined || !isMade || upload.progress.state === 'cancelled') hidden.add(id);
      else rows.set(id, this.#row(upload));
    }
    for (const [id, row] of this.#known)
      if (!rows.has(id) && !hidden.has(id) && row.state !== 'failed') {
        this.#sent.delete(id);
        this.#stored = [...this.#stored, { ...row, state: 'stored' as const, sent: row.size }].slice(
          -MOST_STORED,
        );
      }
    this.#known = rows;
    const again = new Set([...rows.values()].map(({ hash }) => hash));
    this.#stored = this.#stored.filter(({ hash }) => !again.has(hash));
    return [...this.#stored, ...rows.values()];
  }

  #row({ manifest, progress }: Upload): UploadRow {
    const { id, hash, name, type, size } = manifest;
    const sent = Math.max(progress.sent, this.#sent.get(id) ?? 0);
    const { reason } = progress;
    return {
      ...{
        hash: hash ?? id,
        name,
        type,
        size,
        sent: Math.min(sent, size),
        state: this.#state(manifest.id, progress),
      },
      ...(reason === undefined ? {} : { reason }),
    };
  }

  #state(id: string, { state }: Upload['progress']): UploadState {
    if (state === 'waiting') return this.#sent.has(id) ? 'sending' : 'waiting';
    return state === 'cancelled' ? 'failed' : state;
  }
}
