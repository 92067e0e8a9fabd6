/** The files of a city, wired: where they lie, what is known of them, the doors to them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fail } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import { HOUR } from '#shared/time.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import type { Database } from '../db/database.ts';
import type { CityPolicy } from '../policy/policy.ts';
import type { Vanishing } from '../store/vanishing.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metric } from '../telemetry/metrics.ts';
import { BlobBook } from './book/book.ts';
import { dropLoose, ownedUntil, sweepExpired, sweepLoose } from './book/sweeping.ts';
import { refuse } from './doors/answers.ts';
import { Askers, MEDIA_RATES } from './doors/askers.ts';
import type { MediaRates } from './doors/askers.ts';
import { BlossomDoor } from './doors/blossom-door.ts';
import { Descriptions } from './doors/descriptions.ts';
import { HotBytes } from './doors/hot-bytes.ts';
import { KnownBlobs } from './doors/known-blobs.ts';
import { takeReport } from './doors/reports.ts';
import { Serving } from './doors/serving.ts';
import type { ServingPorts } from './doors/serving.ts';
import { GuardedFetch } from './fetching/guarded-fetch.ts';
import type { FetchRules } from './fetching/guarded-fetch.ts';
import { sweepGathered } from './intake/gather.ts';
import { Intake } from './intake/intake.ts';
import { bringFile } from './intake/mirroring.ts';
import { DEFAULT_PACE } from './intake/pace.ts';
import type { Pace } from './intake/pace.ts';
import { MirrorsDoor } from './mirrors/mirrors-door.ts';
import { OtherServer } from './mirrors/other-server.ts';
import { polish } from './polishing.ts';
import { UploadsDoor } from './resumable/uploads-door.ts';
import type { MediaSettings } from './settings.ts';
import type { BlobStore } from './storing/blob-store.ts';
import { openFolderStore } from './storing/folder-store.ts';
import { lazyStore } from './storing/lazy-store.ts';
import { openS3Store } from './storing/s3-store.ts';

/** What tests hand in; production takes the defaults. */
export interface MediaOptions {
  readonly rates?: MediaRates;
  readonly pace?: Pace;
  readonly fetching?: FetchRules;
}

interface MediaPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly verifier: Verifier;
  readonly policy: Pick<CityPolicy, 'refusalOf' | 'isBlocked'>;
  readonly operators: ReadonlySet<string>;
  readonly publicUrl: () => URL;
  readonly dataDir: string;
  readonly settings: MediaSettings;
  /** Keeps an event as if it had come by the relay; its refusal in words. */
  readonly submit: (event: NostrEvent) => Promise<{ readonly accepted: boolean; readonly message: string }>;
  readonly thumbnail?: ServingPorts['thumbnail'];
  /** Lets go of a file's small pictures. */
  readonly forgetThumbs?: (hash: string) => Promise<void>;
  readonly options?: MediaOptions;
}

export interface CityMedia {
  /** Answers the doors of files; false for everything else. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean;
  /** What is to be done now and then: files whose time is over, bytes that nobody owns. Throws on I/O. */
  tend(): Promise<void>;
  /** Lets go of what somebody uploaded who vanishes (NIP-62). Throws on I/O. */
  forget(vanishing: Vanishing): Promise<void>;
  /** An operator's decision: the file goes for everybody and is not taken again. Throws on I/O. */
  take(hash: string): Promise<void>;
  /** Takes such a decision back: the file may be brought again. Throws on I/O. */
  allow(hash: string): Promise<void>;
  /** For /metrics. Throws on I/O. */
  metrics(): Promise<Metric[]>;
  close(): void;
}

/** What a crash left on its way is a day old at least before it goes. */
const ABANDONED_MS = 24 * HOUR * 1000;

const openStore = ({ dataDir, settings: { s3 } }: MediaPorts): BlobStore =>
  s3 ? lazyStore(() => openS3Store(s3)) : openFolderStore(join(dataDir, 'blobs'));

class Media implements CityMedia {
  readonly #ports: MediaPorts;
  readonly #store: BlobStore;
  readonly #book: BlobBook;
  readonly #known: KnownBlobs;
  readonly #hot: HotBytes;
  readonly #folder: string;
  readonly #uploads: UploadsDoor;
  readonly #blossom: BlossomDoor;
  readonly #mirrors: MirrorsDoor;
  #given = 0;

  constructor(ports: MediaPorts) {
    this.#ports = ports;
    const { db, clock, settings, dataDir, thumbnail } = ports;
    this.#store = openStore(ports);
    this.#book = new BlobBook(db, settings.quotas);
    this.#known = new KnownBlobs(this.#book, clock);
    this.#hot = new HotBytes(this.#store);
    this.#folder = join(dataDir, 'uploads');
    const serving = new Serving({
      ...{ store: this.#store, known: this.#known, hot: this.#hot, clock },
      counted: (bytes) => (this.#given += bytes),
      ...(thumbnail ? { thumbnail } : {}),
    });
    [this.#blossom, this.#uploads, this.#mirrors] = this.#openDoors(serving);
  }

  #openDoors(serving: Serving): readonly [BlossomDoor, UploadsDoor, MirrorsDoor] {
    const { db, settings, clock, verifier, policy, publicUrl, operators, submit, options = {} } = this.#ports;
    const { rates = MEDIA_RATES, pace = DEFAULT_PACE } = options;
    const askers = new Askers({ clock, verifier, policy, publicUrl, rates });
    const fetching = new GuardedFetch(options.fetching);
    const intake = new Intake({ book: this.#book, store: this.#store, clock });
    const descriptions = new Descriptions(publicUrl);
    const blossom = new BlossomDoor({
      ...{ askers, intake, serving, descriptions, clock, pace, polish },
      book: this.#book,
      folder: this.#folder,
      isOperator: (pubkey) => operators.has(pubkey),
      left: (hash) => this.#left(hash),
      bring: (url) => bringFile(fetching, url, this.#folder),
      report: (value) => takeReport(value, { verifier, submit }),
    });
    const uploads = new UploadsDoor({
      ...{ db, clock, askers, intake, descriptions, pace },
      ...{ book: this.#book, quotas: settings.quotas, folder: join(this.#folder, 'resumable') },
    });
    const mirrors = new MirrorsDoor({
      ...{ askers, descriptions, policy, verifier, clock, publicUrl },
      book: this.#book,
      other: new OtherServer(options.fetching),
    });
    return [blossom, uploads, mirrors];
  }

  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    for (const door of [this.#blossom, this.#uploads, this.#mirrors]) {
      const handler = door.find(request.method ?? 'GET', path);
      if (!handler) continue;
      handler(request, response).catch((cause: unknown) => {
        this.#ports.log.error('a file could not be taken or given', causeOf(cause));
        refuse(request, response, fail('error', 'something went wrong').error);
      });
      return true;
    }
    return false;
  }

  async tend(): Promise<void> {
    const { db, clock, log } = this.#ports;
    const now = clock.now();
    const expired = await sweepExpired(db, now);
    const loose = await sweepLoose(db, this.#store, now);
    const gathered = await sweepGathered(this.#folder, Date.now() - ABANDONED_MS);
    const abandoned = gathered + (await this.#uploads.tend());
    if (expired + loose + abandoned > 0) log.info('files were tidied up', { expired, loose, abandoned });
  }

  async forget({ pubkey, until }: Vanishing): Promise<void> {
    const { db, clock } = this.#ports;
    await this.#uploads.forget(pubkey, until);
    for (const hash of await ownedUntil(db, pubkey, until))
      if (await this.#book.disown(hash, pubkey, clock.now())) await this.#left(hash);
  }

  async take(hash: string): Promise<void> {
    await this.#book.ban(hash, this.#ports.clock.now());
    await this.#left(hash);
  }

  async allow(hash: string): Promise<void> {
    await this.#book.unban(hash);
    this.#known.forget(hash);
  }

  async metrics(): Promise<Metric[]> {
    const { count, bytes } = await this.#book.totals();
    return [
      { name: 'files', help: 'Files that are kept.', type: 'gauge', value: count },
      { name: 'file_bytes', help: 'Bytes of files that are kept.', type: 'gauge', value: bytes },
      {
        name: 'file_bytes_given_total',
        help: 'Bytes of files given out.',
        type: 'counter',
        value: this.#given,
      },
    ];
  }

  close(): void {
    this.#store.close();
  }

  /** Somebody let go of a file: if it was the last one, the bytes go now, or with the next tidying up. */
  async #left(hash: string): Promise<void> {
    this.#known.forget(hash);
    this.#hot.forget(hash);
    await this.#ports.forgetThumbs?.(hash);
    if (!(await dropLoose(this.#ports.db, this.#store, hash)))
      this.#ports.log.warn('the place where files lie does not answer; a file is removed later');
  }
}

/** Wires it; nothing is read or written yet. */
export const openMedia = (ports: MediaPorts): CityMedia => new Media(ports);
