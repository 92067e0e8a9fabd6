/** A file for certain people: sealed, hashed and sent side by side; once sealed whole it goes on without its source. */
import { blobUrl } from '#protocol/media/blossom.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import { makeFileKey, sealedSize } from '#protocol/media/sealing.ts';
import { SEALED_MAX, SEALED_TYPE } from '#protocol/media/types.ts';
import { m } from '#messages/paraglide/messages.js';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { PreparedFile, SealFailure } from '../media.ts';
import { makeUploadId } from '../outgoing/outgoing-files.ts';
import type { Manifest } from '../outgoing/records.ts';
import { carry } from '../sending/carrying.ts';
import type { Carried, CarryPorts } from '../sending/carrying.ts';
import { pieceReader } from '../sending/reading.ts';
import { fileLock, settle } from '../sending/sender.ts';
import { endAtCity } from '../sending/terminate.ts';
import { keepingFailure } from './offering.ts';
import type { OfferPorts } from './offering.ts';
import { PieceShelf } from './piece-shelf.ts';
import { sealBody } from './sealed-bytes.ts';
import { sealedFileOf, sealThumb } from './sealed-parts.ts';
import { signToken } from './tokens.ts';
import type { Token } from './tokens.ts';

export interface SealPorts extends OfferPorts, CarryPorts {
  /** Seals what shall be known after a reload: with the profile's key, not the device's. */
  readonly keepSecret: (id: string, file: SealedFile, note: string) => Promise<string>;
  readonly hear: (changed: () => void) => () => void;
}

export interface Sealing {
  readonly expires?: number | undefined;
  readonly note?: string | undefined;
  readonly signal: AbortSignal;
  readonly onprogress: (sent: number, total: number) => void;
  /** It is given up and leaves this device. */
  readonly ongone?: (id: string) => void;
}

type Sealed = Result<SealedFile, SealFailure>;

/** The person's signature was not to be had. */
class Unsigned extends Error {
  readonly failure: SealFailure;
  constructor(failure: SealFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Why a seal's signal ends where nobody has stopped it: the page goes. */
export const CLOSING = 'closing';

const STOPPED = 'You stopped this.';
const LOST = 'The file is not on this device any more. Send it again.';
const UNTRUSTED = 'The city did not accept your signature. Is the clock of this device right?';

/** Resolves when the city has all of it, or nothing of it is left. */
export const sendSealed = async (ports: SealPorts, file: PreparedFile, sealing: Sealing): Promise<Sealed> => {
  if (file.body.size > SEALED_MAX) return fail('too-big', m.media_send_too_big());
  const begin = await signToken(ports.sign, ports.server, { verb: 'upload' }, ports.now() / 1000);
  if (!begin.ok) return begin;
  const id = makeUploadId();
  const made: { result?: Sealed } = {};
  await ports.locks.hold(fileLock(id), async () => {
    made.result = await new SealedSending(ports, file, sealing, id).run(begin.value);
  });
  return made.result ?? fail('storage', m.media_send_no_room());
};

class SealedSending {
  readonly #ports: SealPorts;
  readonly #file: PreparedFile;
  readonly #sealing: Sealing;
  readonly #id: string;
  readonly #key;
  readonly #total: number;

  constructor(ports: SealPorts, file: PreparedFile, sealing: Sealing, id: string) {
    this.#ports = ports;
    this.#file = file;
    this.#sealing = sealing;
    this.#id = id;
    this.#key = makeFileKey(file.body.size);
    this.#total = sealedSize(file.body.size, this.#key.algorithm);
  }

  async run(begin: Token): Promise<Sealed> {
    const { files } = this.#ports;
    const manifest = this.#manifest(begin);
    try {
      await files.put(manifest);
      return await this.#send(manifest);
    } catch (cause) {
      await this.#giveUp();
      return cause instanceof Unsigned ? { ok: false, error: cause.failure } : keepingFailure(cause);
    }
  }

  #manifest({ header, until }: Token): Manifest {
    const { name } = this.#file;
    const { server, now } = this.#ports;
    const { expires } = this.#sealing;
    return {
      ...{ v: 1, id: this.#id, stage: 'keeping', name, type: SEALED_TYPE, size: this.#total, isSealed: true },
      ...{ server, begin: header, signedUntil: until, at: now() },
      ...(expires === undefined ? {} : { expires }),
    };
  }

  async #send(manifest: Manifest): Promise<Sealed> {
    const { files } = this.#ports;
    const shelf = new PieceShelf({
      put: (number, bytes) => files.putPiece(manifest, number, bytes),
      get: (number) => files.sendable(manifest, number),
      drop: (number) => files.dropPiece(manifest.id, number),
    });
    const sealed = this.#seal(manifest, shelf);
    let broken: unknown;
    const stop = new AbortController();
    sealed.catch((cause: unknown) => {
      broken = cause;
      shelf.fail(cause);
      stop.abort();
    });
    const ended = await this.#carryThroughPauses(manifest, shelf, sealed, stop);
    if (broken) throw broken;
    if (ended.outcome !== 'stored') return this.#ended(manifest, ended);
    const { file, thumb } = await sealed;
    const carried = thumb && (await this.#carryThumb(thumb));
    await files.remove(this.#id);
    return carried && carried.outcome !== 'stored' ? ok(withoutThumb(file)) : ok(file);
  }

  /** Seals, hashes, signs; the manifest is whole then and outlives the page. */
  async #seal(manifest: Manifest, shelf: PieceShelf) {
    const { files, sign, server, now, keepSecret } = this.#ports;
    const { note, expires } = this.#sealing;
    const { body, thumb: picture } = this.#file;
    const thumb = picture && (await sealThumb(files, manifest, picture));
    const hash = await sealBody(body, this.#key, (bytes) => shelf.add(bytes), this.#ports.beginHash);
    await shelf.end();
    const hashes = [hash, ...(thumb ? [thumb.hash] : [])];
    const token = await signToken(sign, server, { verb: 'upload', hashes }, now() / 1000);
    if (!token.ok) throw new Unsigned(token.error);
    const { header: end, until: signedUntil } = token.value;
    const url = blobUrl(server, hash, SEALED_TYPE);
    const file = sealedFileOf(this.#file, { url, hash, key: this.#key, expires, thumb: thumb?.shown });
    const secret = note === undefined ? {} : { secret: await keepSecret(this.#id, file, note) };
    const whole: Manifest = { ...manifest, stage: 'ready', hash, end, signedUntil, ...secret };
    const small: Manifest | undefined = thumb && { ...thumb.manifest, stage: 'ready', end, signedUntil };
    if (small) await files.put(small);
    // With pieces gone already nobody could go on after a reload.
    await files.put(shelf.isThin ? { ...whole, stage: 'keeping' } : whole);
    return { file, thumb: small, whole, hash, token: end };
  }

  async #carryThroughPauses(
    manifest: Manifest,
    shelf: PieceShelf,
    sealed: Promise<{ readonly hash: string; readonly token: string }>,
    stop: AbortController,
  ): Promise<Carried> {
    const { files, hear } = this.#ports;
    const { signal, onprogress } = this.#sealing;
    const read = pieceReader({
      piece: (number) => shelf.piece(number),
      isThere: (number) => shelf.isThere(number),
      words: LOST,
    });
    const ports: CarryPorts = {
      ...this.#ports,
      onsent: (id, sent) => {
        shelf.sent(sent);
        onprogress(sent, this.#total);
        this.#ports.onsent(id, sent);
      },
    };
    for (;;) {
      const pause = new AbortController();
      const unhear = hear(() => {
        void files.get(this.#id).then((upload) => {
          if (upload?.progress.state !== 'waiting') pause.abort();
        });
      });
      const ends = AbortSignal.any([signal, stop.signal, pause.signal]);
      const carried = await carry(ports, { manifest, read, ending: () => sealed, signal: ends });
      unhear();
      if (carried.outcome !== 'stopped' || signal.aborted || stop.signal.aborted) return carried;
      if (!(await this.#goesOn())) return carried;
    }
  }

  /** Waits while it is paused; false once it was given up. */
  async #goesOn(): Promise<boolean> {
    const { files, hear } = this.#ports;
    const { signal } = this.#sealing;
    for (;;) {
      const state = (await files.get(this.#id))?.progress.state;
      if (state !== 'paused') return state === 'waiting';
      if (signal.aborted) return false;
      await new Promise<void>((resolve) => {
        const stop = hear(() => end());
        const end = (): void => {
          stop();
          signal.removeEventListener('abort', end);
          resolve();
        };
        signal.addEventListener('abort', end);
      });
    }
  }

  /** It rests at the city's word where somebody is told of it later; else nothing of it is left. */
  async #ended(manifest: Manifest, ended: Carried): Promise<Sealed> {
    const reason = ended.outcome === 'refused' ? ended.reason : UNTRUSTED;
    if (ended.outcome === 'stopped') {
      // What is whole goes on with the next visit; what is not, that one sweeps away.
      if (this.#sealing.signal.reason !== CLOSING) await this.#giveUp();
      return fail('stopped', STOPPED);
    }
    if (this.#sealing.note === undefined) await this.#giveUp();
    else await settle(this.#ports.files, manifest, { outcome: 'refused', reason });
    return fail('rejected', reason);
  }

  async #carryThumb(manifest: Manifest): Promise<Carried> {
    const { files, locks } = this.#ports;
    const read = pieceReader({ piece: (number) => files.sendable(manifest, number), words: LOST });
    const ending = () => Promise.resolve({ hash: manifest.hash ?? '', token: manifest.end ?? '' });
    let carried: Carried = { outcome: 'stored' };
    // Whoever else sends what lies here may have been quicker.
    await locks.hold(fileLock(manifest.id), async () => {
      if (!(await files.get(manifest.id))) return;
      carried = await carry(this.#ports, { manifest, read, ending, signal: this.#sealing.signal });
      await files.remove(manifest.id);
    });
    return carried;
  }

  async #giveUp(): Promise<void> {
    const { files, fetch } = this.#ports;
    this.#sealing.ongone?.(this.#id);
    const all = (await files.list()).filter(({ manifest: { id, of } }) => [id, of].includes(this.#id));
    for (const upload of all) {
      await endAtCity(fetch, upload.progress.url);
      await files.remove(upload.manifest.id);
    }
  }
}

const withoutThumb = ({ thumb: _, ...file }: SealedFile): SealedFile => file;
