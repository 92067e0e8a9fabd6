/** Asks once, for whoever writes a line: what does the page behind this address say of itself, and what does it look like. */
import { readFile } from 'node:fs/promises';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { previewWords } from '#protocol/media/previews.ts';
import { bareType, OPEN_MAX } from '#protocol/media/types.ts';
import type { FetchFailure, GuardedFetch } from '../fetching/guarded-fetch.ts';
import { BodyCut } from '../fetching/paced-body.ts';
import type { FetchedBody } from '../fetching/paced-body.ts';
import { Lanes } from '../keeping/lanes.ts';
import type { Loader } from '../proxy/loader.ts';
import { THUMB_TYPE } from '../thumbs/thumbs.ts';
import type { Thumbs } from '../thumbs/thumbs.ts';
import { decodePage, readPage } from './page.ts';
import { lookAt } from './picture-look.ts';
import type { PictureLook } from './picture-look.ts';

/** Of a page so many bytes are read; what a page says of itself stands at its beginning. */
const PAGE_MOST = 512 * 1024;
const PAGE_WITHIN_MS = 5_000;
const PICTURE_WITHIN_MS = 8_000;
/** Pixels that a preview's picture is wide at most. */
const PICTURE_WIDTH = 480;
const LANES = { total: 12, perParty: 3, waiting: 60 };
const ACCEPT = 'text/html, application/xhtml+xml;q=0.9';
const isPage = (type: string): boolean => ['text/html', 'application/xhtml+xml'].includes(bareType(type));

export interface Preview {
  readonly title: string;
  readonly description?: string;
  readonly site?: string;
  readonly picture?: PictureLook & { readonly type: string; readonly bytes: Buffer };
}

/** `nothing`: the page has no title; `type`: it is no page. */
export type PreviewFailure = FetchFailure | Failure<'busy' | 'type' | 'nothing'>;

interface PreviewerPorts {
  readonly fetch: GuardedFetch;
  readonly loader: Loader;
  readonly thumbs: Thumbs;
}

interface PreviewWish {
  readonly url: string;
  /** Whether its picture is wanted: without it nobody else is asked. */
  readonly picture: boolean;
  readonly asker: string;
}

/** The beginning of a body; whatever comes behind is not waited for. */
const readStart = async (body: FetchedBody): Promise<Result<Buffer, FetchFailure>> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      length += piece.length;
      if (length >= PAGE_MOST) break;
    }
  } catch (cause) {
    if (cause instanceof BodyCut) return fail(cause.code, cause.message);
    throw cause;
  }
  return ok(Buffer.concat(pieces).subarray(0, PAGE_MOST));
};

const within = async <T>(ms: number, work: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

export class Previewer {
  #ports: PreviewerPorts;
  #lanes = new Lanes(LANES);

  constructor(ports: PreviewerPorts) {
    this.#ports = ports;
  }

  /** Asks for one page and, where it names one and it is wanted, its picture. A picture that does not come is no failure. */
  async of({ url, picture, asker }: PreviewWish): Promise<Result<Preview, PreviewFailure>> {
    const leave = await this.#lanes.enter([asker]);
    if (!leave) return fail('busy', 'too many at once; try again');
    try {
      const page = await this.#page(url);
      if (!page.ok) return page;
      const words = previewWords(page.value);
      if (!words) return fail('nothing', 'the page says nothing of itself');
      const wanted = picture ? page.value.picture : undefined;
      const look = wanted && (await within(PICTURE_WITHIN_MS, this.#picture(wanted, asker)));
      return ok(look ? { ...words, picture: look } : words);
    } finally {
      leave();
    }
  }

  async #page(url: string): Promise<Result<ReturnType<typeof readPage>, PreviewFailure>> {
    const fetched = await this.#ports.fetch.get(url, {
      // A page that says that it is larger is still read from its beginning.
      limit: OPEN_MAX,
      withinMs: PAGE_WITHIN_MS,
      accept: ACCEPT,
    });
    if (!fetched.ok) return fetched;
    const { type, body, cancel, url: address } = fetched.value;
    try {
      if (!isPage(type)) return fail('type', 'this is no page');
      const start = await readStart(body);
      return start.ok ? ok(readPage(decodePage(start.value, type), address)) : start;
    } finally {
      cancel();
    }
  }

  async #picture(url: string, asker: string): Promise<Preview['picture'] | undefined> {
    const { loader, thumbs } = this.#ports;
    const loaded = await loader.load(url, asker);
    if (!loaded.ok) return undefined;
    if (loaded.value.how === 'passing') {
      loaded.value.passing.end();
      return undefined;
    }
    const from = loaded.value.how === 'bytes' ? loaded.value.bytes : loaded.value.kept.path;
    const thumb = await thumbs.of(url, PICTURE_WIDTH, { from, type: loaded.value.type });
    if (!thumb.ok) return undefined;
    const bytes = 'bytes' in thumb.value ? thumb.value.bytes : await readFile(thumb.value.kept.path);
    const look = await lookAt(bytes);
    return look && { ...look, type: THUMB_TYPE, bytes };
  }
}
