/** Resumable uploads (tus 1.0): begun with a token, sent in as many pieces as it takes, ended with a token that names the hash. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import { DAY, HOUR } from '#shared/time.ts';
import { SEALED_BYTES_MAX } from '#protocol/media/types.ts';
import type { Database } from '../../db/database.ts';
import { addressOf } from '../../relay/peer-address.ts';
import { RateLimiter } from '../../relay/pace/rates.ts';
import type { BlobBook } from '../book/book.ts';
import { beginnerOf, forgetUploads, release, reserve, takeUploads } from '../book/quota.ts';
import type { Quotas } from '../book/quota.ts';
import { allowAll, giveJson, refuse } from '../doors/answers.ts';
import type { Asker, Askers } from '../doors/askers.ts';
import type { Descriptions } from '../doors/descriptions.ts';
import { checkDisk } from '../intake/disk.ts';
import type { Intake, Kept } from '../intake/intake.ts';
import { watchPace } from '../intake/pace.ts';
import type { Pace } from '../intake/pace.ts';
import { parseCreation, parseWanted } from './creation.ts';
import { openDesk } from './desk.ts';
import type { TusDesk } from './desk.ts';
import { parseUploadPath } from './path.ts';

export interface UploadsPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly book: BlobBook;
  readonly quotas: Quotas;
  readonly intake: Intake;
  readonly askers: Askers;
  readonly descriptions: Descriptions;
  readonly pace: Pace;
  readonly folder: string;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** How long an unfinished upload waits to go on, in seconds. */
const KEPT = 7 * DAY;
/** Pieces and questions of one address; no key is proven for them. */
const PIECES = { perSecond: 50, burst: 3000 };
/** Ends that no second try changes: the bytes go at once. */
const FINAL: ReadonlySet<string> = new Set(['type', 'too-large', 'removed']);

const definite = (metadata: Readonly<Record<string, string | null>> | undefined): Map<string, string> =>
  new Map(Object.entries(metadata ?? {}).map(([name, value]) => [name, value ?? '']));

export class UploadsDoor {
  readonly #ports: UploadsPorts;
  readonly #begun = new WeakMap<IncomingMessage, string>();
  readonly #ending = new Set<string>();
  readonly #pieces = new RateLimiter(PIECES);
  #opening: Promise<TusDesk> | undefined;

  constructor(ports: UploadsPorts) {
    this.#ports = ports;
  }

  /** Who answers a request of this path and method; undefined: nobody here. */
  find(method: string, path: string): Handler | undefined {
    const place = parseUploadPath(path);
    if (!place) return undefined;
    const { id, isEnd } = place;
    if (method === 'OPTIONS') return (request, response) => this.#pass(request, response);
    if (isEnd && id !== undefined)
      return method === 'POST' ? (request, response) => this.#finish(id, request, response) : undefined;
    if (id === undefined)
      return method === 'POST' ? (request, response) => this.#begin(request, response) : undefined;
    if (method === 'DELETE') return (request, response) => this.#cancel(id, request, response);
    return method === 'PATCH' || method === 'HEAD'
      ? (request, response) => this.#goOn(request, response)
      : undefined;
  }

  /** Forgets uploads that nobody went on with. Throws on I/O. */
  async tend(): Promise<number> {
    const { db, clock } = this.#ports;
    await forgetUploads(db, clock.now() - KEPT - HOUR);
    return (await this.#desk()).store.deleteExpired();
  }

  /** Drops what a key began up to a time (Unix seconds). Throws on I/O. */
  async forget(pubkey: string, until: number): Promise<void> {
    const ids = await takeUploads(this.#ports.db, pubkey, until);
    if (ids.length === 0) return;
    const { store } = await this.#desk();
    for (const id of ids) await store.drop(id);
  }

  #desk(): Promise<TusDesk> {
    this.#opening ??= openDesk({
      folder: this.#ports.folder,
      keptMs: KEPT * 1000,
      most: SEALED_BYTES_MAX,
      idOf: (request) => this.#begun.get(request),
    });
    return this.#opening;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await (await this.#desk()).server.handle(request, response);
  }

  async #begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { db, clock, quotas, askers, folder } = this.#ports;
    const asker = askers.prove(request, 'upload');
    if (!asker.ok) return refuse(request, response, asker.error);
    const wanted = parseCreation(request, clock.now());
    if (!wanted.ok) return refuse(request, response, wanted.error);
    const { size } = wanted.value;
    const disk = await checkDisk(folder, size);
    if (!disk.ok) return refuse(request, response, disk.error);
    const id = randomBytes(16).toString('hex');
    const room = await reserve(db, quotas, { id, pubkey: asker.value.pubkey, size, now: clock.now() });
    if (!room.ok) return refuse(request, response, room.error);
    this.#begun.set(request, id);
    await this.#pass(request, response);
    if (response.statusCode >= 400) await release(db, id);
  }

  async #goOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#pieces.take(addressOf(request)))
      return refuse(request, response, fail('rate-limited', 'too many requests; wait a little').error);
    const stop = watchPace(request, this.#ports.pace, () => request.destroy());
    await this.#pass(request, response).finally(stop);
  }

  async #cancel(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#pass(request, response);
    if (response.statusCode < 300) await release(this.#ports.db, id);
  }

  async #finish(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asker = this.#ports.askers.prove(request, 'upload');
    if (!asker.ok) return refuse(request, response, asker.error);
    if (this.#ending.has(id))
      return refuse(request, response, fail('busy', 'this upload is being finished').error);
    this.#ending.add(id);
    const kept = await this.#keep(id, asker.value).finally(() => this.#ending.delete(id));
    if (!kept.ok) return refuse(request, response, kept.error);
    allowAll(response);
    giveJson(request, response, this.#ports.descriptions.of(kept.value.blob), kept.value.isNew ? 201 : 200);
  }

  async #keep(id: string, { pubkey, hashes }: Asker): Promise<Result<Kept, Failure>> {
    const { db, clock, intake } = this.#ports;
    const beginner = await beginnerOf(db, id);
    if (beginner === undefined) return this.#keptBefore({ pubkey, hashes });
    if (beginner !== pubkey) return fail('foreign', 'somebody else began this upload');
    const { store } = await this.#desk();
    const upload = await store.getUpload(id).catch(() => undefined);
    if (!upload?.size) return fail('missing', 'there is no such upload');
    if (upload.offset !== upload.size) return fail('incomplete', 'not all bytes are here yet');
    const hash = await store.finish(id, upload.size);
    if (!hashes.includes(hash)) return fail('hash', 'the bytes are not those that the event names');
    const wanted = parseWanted(definite(upload.metadata), clock.now());
    if (!wanted.ok) return wanted;
    const file = { path: store.pathOf(id), size: upload.size, hash };
    const kept = await intake.keep(file, { pubkey, upload: id, ...wanted.value });
    if (kept.ok || FINAL.has(kept.error.code)) {
      await store.drop(id);
      await release(db, id);
    }
    return kept;
  }

  /** The answer to a finish may have been lost: asked again it is the same. */
  async #keptBefore({ pubkey, hashes }: Asker): Promise<Result<Kept, Failure>> {
    const { book, clock } = this.#ports;
    for (const hash of hashes) {
      const blob = (await book.owns(hash, pubkey)) ? await book.find(hash, clock.now()) : undefined;
      if (typeof blob === 'object') return ok({ blob, isNew: false });
    }
    return fail('missing', 'there is no such upload');
  }
}
