/** Blossom's paths at the root of the city: BUD-01, 02, 04, 05, 06, 09, 12. */
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isHex64 } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import { isOpenType, SEALED_TYPE } from '#protocol/media/types.ts';
import { parseBlobPath } from '#protocol/media/blossom.ts';
import type { BlobVerb } from '#protocol/media/blossom.ts';
import { readBody } from '../../http/body.ts';
import type { BlobBook } from '../book/book.ts';
import { bodyOf, gather, tooLarge } from '../intake/gather.ts';
import type { Gathered } from '../intake/gather.ts';
import { mostBytes } from '../intake/intake.ts';
import type { Intake, Kept, Wanted } from '../intake/intake.ts';
import type { Brought } from '../intake/mirroring.ts';
import type { Pace } from '../intake/pace.ts';
import { allowAll, giveJson, givePreflight, refuse } from './answers.ts';
import type { Asker, Askers } from './askers.ts';
import type { Descriptions } from './descriptions.ts';
import { parseCalled, parseExpiration, parseMirror, parsePage, parseText } from './headers.ts';
import type { Called } from './headers.ts';
import type { Serving } from './serving.ts';

export interface BlossomPorts {
  readonly book: BlobBook;
  readonly intake: Intake;
  readonly askers: Askers;
  readonly serving: Serving;
  readonly descriptions: Descriptions;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Where files gather that are on their way. */
  readonly folder: string;
  readonly isOperator: (pubkey: string) => boolean;
  /** A file lost an owner, or all of them: bytes without any go. */
  readonly left: (hash: string) => Promise<void>;
  /** Takes a report (NIP-56); false: it is no report that this city keeps. */
  readonly report: (event: unknown) => Promise<Result<true, Failure>>;
  /** Brings a file from elsewhere to the local disk (BUD-04). */
  readonly bring: (url: string) => Promise<Result<Brought, Failure>>;
  /** Makes a picture fit to be shown to everybody (BUD-05); a new gathered file. */
  readonly polish: (file: Gathered) => Promise<Result<Gathered & { type: string }, Failure>>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const REPORT_BYTES = 64 * 1024;
const BODY_WITHIN_MS = 10_000;

/** Files of one key that may gather at once. */
const AT_ONCE = 8;

export class BlossomDoor {
  readonly #ports: BlossomPorts;
  readonly #gathering = new Map<string, number>();

  constructor(ports: BlossomPorts) {
    this.#ports = ports;
  }

  /** Who answers a request of this path and method; undefined: nobody here. */
  find(method: string, path: string): Handler | undefined {
    const blob = parseBlobPath(path);
    if (blob) return this.#ofBlob(method, blob.hash);
    const list = /^\/list\/([^/]+)$/.exec(path)?.[1];
    if (list !== undefined) return this.#of(method, { GET: (...ask) => this.#list(list, ...ask) });
    switch (path) {
      case '/upload':
        return this.#of(method, {
          PUT: (...ask) => this.#upload('upload', ...ask),
          HEAD: (...ask) => this.#check('upload', ...ask),
        });
      case '/media':
        return this.#of(method, {
          PUT: (...ask) => this.#upload('media', ...ask),
          HEAD: (...ask) => this.#check('media', ...ask),
        });
      case '/mirror':
        return this.#of(method, { PUT: (...ask) => this.#mirror(...ask) });
      case '/report':
        return this.#of(method, { PUT: (...ask) => this.#report(...ask) });
      default:
        return undefined;
    }
  }

  #of(method: string, handlers: Readonly<Record<string, Handler>>): Handler | undefined {
    if (method !== 'OPTIONS') return Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    return (_request, response) => {
      givePreflight(response);
      return Promise.resolve();
    };
  }

  #ofBlob(method: string, hash: string): Handler | undefined {
    const give: Handler = (request, response) => {
      allowAll(response);
      return this.#ports.serving.give(request, response, hash);
    };
    return this.#of(method, { GET: give, HEAD: give, DELETE: (...ask) => this.#remove(hash, ...ask) });
  }

  /** What a request says of the file it brings, and whether its token stands for that. */
  #wish(request: IncomingMessage, verb: BlobVerb): Result<Asker & Called, Failure> {
    const called = parseCalled(request);
    if (!called.ok) return called;
    const asker = this.#ports.askers.prove(request, verb, called.value.hash);
    if (!asker.ok) return asker;
    if (asker.value.hashes.length === 0)
      return fail('auth', 'the event names the file by an x tag with its hash');
    return ok({ ...asker.value, ...called.value });
  }

  /** BUD-06: what would be answered, as far as can be told without the bytes. */
  async #check(verb: BlobVerb, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wish = this.#wish(request, verb);
    if (!wish.ok) return refuse(request, response, wish.error);
    const { size, type, hash, pubkey } = wish.value;
    if (size === undefined) return refuse(request, response, fail('length', 'say X-Content-Length').error);
    const most = mostBytes(type ?? SEALED_TYPE);
    if (size > most) return refuse(request, response, tooLarge(most).error);
    if (type !== undefined && type !== SEALED_TYPE && !isOpenType(type))
      return refuse(
        request,
        response,
        fail('type', 'only pictures, sound, videos and PDF are kept open').error,
      );
    const room = await this.#ports.book.hasRoom({ pubkey, size, ...(hash === undefined ? {} : { hash }) });
    if (!room.ok) return refuse(request, response, room.error);
    allowAll(response);
    response.writeHead(200, { 'content-length': 0 }).end();
  }

  /** BUD-02 and 05. */
  async #upload(verb: 'upload' | 'media', request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wish = this.#wish(request, verb);
    if (!wish.ok) return refuse(request, response, wish.error);
    const expires = parseExpiration(request, this.#ports.clock.now());
    if (!expires.ok) return refuse(request, response, expires.error);
    const most = mostBytes(verb === 'media' ? 'image/*' : (wish.value.type ?? SEALED_TYPE));
    if ((wish.value.size ?? 0) > most) return refuse(request, response, tooLarge(most).error);
    const { size, pubkey, type, hashes } = wish.value;
    const hash = wish.value.hash ?? (hashes.length === 1 ? hashes[0] : undefined);
    // Of several it may be one that is here already: then only the end can tell.
    const room = await this.#ports.book.hasRoom({
      pubkey,
      size: hash === undefined ? 0 : (size ?? 0),
      hash: hash ?? '',
    });
    if (!room.ok) return refuse(request, response, room.error);
    const gathered = await this.#gather(request, pubkey, { most, expected: size });
    if (!gathered.ok) return refuse(request, response, gathered.error);
    const mismatch = hashes.includes(gathered.value.hash) ? undefined : wish.value.hash;
    const end = expires.value === undefined ? {} : { expires: expires.value };
    await this.#finish(request, response, gathered.value, async (file) => {
      if (mismatch !== undefined && mismatch !== file.hash)
        return fail('hash', 'the bytes are not those that X-SHA-256 names');
      if (!hashes.includes(file.hash)) return fail('hash', 'the bytes are not those that the event names');
      if (verb === 'upload') return this.#ports.intake.keep(file, { pubkey, type, ...end });
      return this.#polish(file, { pubkey, type, ...end });
    });
  }

  /** What a key gathers at once counts for no quota yet: so it may not be much. */
  async #gather(
    request: IncomingMessage,
    pubkey: string,
    limits: { readonly most: number; readonly expected: number | undefined },
  ): Promise<Result<Gathered, Failure>> {
    const { folder, pace } = this.#ports;
    const others = this.#gathering.get(pubkey) ?? 0;
    if (others >= AT_ONCE) return fail('rate-limited', 'too many files at once; wait a little');
    this.#gathering.set(pubkey, others + 1);
    try {
      return await gather(bodyOf(request, pace), { folder, ...limits });
    } finally {
      const left = (this.#gathering.get(pubkey) ?? 1) - 1;
      if (left > 0) this.#gathering.set(pubkey, left);
      else this.#gathering.delete(pubkey);
    }
  }

  async #polish(file: Gathered, wanted: Wanted) {
    const polished = await this.#ports.polish(file);
    if (!polished.ok) return polished;
    try {
      return await this.#ports.intake.keep(polished.value, { ...wanted, type: polished.value.type });
    } finally {
      await rm(polished.value.path, { force: true });
    }
  }

  /** Keeps a gathered file and answers with its description; what was gathered goes in any case. */
  async #finish(
    request: IncomingMessage,
    response: ServerResponse,
    file: Gathered,
    keep: (file: Gathered) => Promise<Result<Kept, Failure>>,
  ): Promise<void> {
    const kept = await keep(file).finally(() => rm(file.path, { force: true }));
    if (!kept.ok) return refuse(request, response, kept.error);
    allowAll(response);
    giveJson(request, response, this.#ports.descriptions.of(kept.value.blob), kept.value.isNew ? 201 : 200);
  }

  /** BUD-04. The token was often made for another server's upload: it names the hash. */
  async #mirror(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asker = this.#ports.askers.prove(request, 'upload');
    if (!asker.ok) return refuse(request, response, asker.error);
    const body = await readBody(request, { limit: REPORT_BYTES, withinMs: BODY_WITHIN_MS });
    if (!body.ok) return refuse(request, response, body.error);
    const url = parseMirror(body.value);
    if (!url.ok) return refuse(request, response, url.error);
    const brought = await this.#ports.bring(url.value);
    if (!brought.ok) return refuse(request, response, brought.error);
    const { pubkey, hashes } = asker.value;
    const type = brought.value.type;
    await this.#finish(request, response, brought.value, async (file) =>
      hashes.includes(file.hash)
        ? this.#ports.intake.keep(file, { pubkey, type })
        : fail('hash', 'what lies there is not what the event names'),
    );
  }

  /** BUD-12: one's own list alone. */
  async #list(of: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asker = this.#ports.askers.prove(request, 'list');
    if (!asker.ok) return refuse(request, response, asker.error);
    if (!isHex64(of)) return refuse(request, response, fail('request', 'a key is 64 hex digits').error);
    if (asker.value.pubkey !== of)
      return refuse(request, response, fail('foreign', 'this list is somebody else’s').error);
    const page = parsePage(request, this.#ports.clock.now());
    if (!page.ok) return refuse(request, response, page.error);
    const blobs = await this.#ports.book.list(of, page.value);
    allowAll(response);
    giveJson(
      request,
      response,
      blobs.map((blob) => this.#ports.descriptions.of(blob)),
    );
  }

  /** BUD-12: takes the asker's ownership away. An operator may take a file from everybody (`?everybody=1`). */
  async #remove(hash: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { askers, book, clock, isOperator, left } = this.#ports;
    const asker = askers.prove(request, 'delete', hash);
    if (!asker.ok) return refuse(request, response, asker.error);
    const forAll = /[?&]everybody=1(&|$)/.test(request.url ?? '');
    if (forAll && !isOperator(asker.value.pubkey))
      return refuse(request, response, fail('foreign', 'only operators take files from everybody').error);
    if (forAll) await book.ban(hash, clock.now());
    else if (!(await book.disown(hash, asker.value.pubkey, clock.now())))
      return refuse(request, response, fail('missing', 'no such file is yours').error);
    await left(hash);
    allowAll(response);
    response.writeHead(204).end();
  }

  /** BUD-09. */
  async #report(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const paced = this.#ports.askers.pace(request);
    if (!paced.ok) return refuse(request, response, paced.error);
    const body = await readBody(request, { limit: REPORT_BYTES, withinMs: BODY_WITHIN_MS });
    if (!body.ok) return refuse(request, response, body.error);
    const taken = await this.#ports.report(parseText(body.value));
    if (!taken.ok) return refuse(request, response, taken.error);
    allowAll(response);
    response.writeHead(204).end();
  }
}
