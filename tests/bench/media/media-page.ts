/** The page's side of the files' bench: the app's own workers with a file that was chosen, and plain requests beside them. */
import * as Comlink from 'comlink';
import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import type { DeskEars, DeskRemote } from '../../../src/client/media/desk/remote.ts';
import { inTurn } from '../../../src/client/media/loading/hand-over.ts';
import type { LoadRemote } from '../../../src/client/media/loading/remote.ts';
import { encodeBlobAuth, makeBlobAuth } from '../../../src/protocol/media/blossom.ts';
import type { Draft, NostrEvent } from '../../../src/protocol/event.ts';
import type { SealedFile } from '../../../src/protocol/media/sealed-files.ts';

const secret = generateSecretKey();
const sign = ({ kind, tags, content }: Draft): NostrEvent => {
  const created_at = Math.floor(Date.now() / 1000);
  return finalizeEvent(
    { kind, content, tags: tags.map((tag) => [...tag]), created_at },
    secret,
  ) as NostrEvent;
};

const chosen = (): File => {
  const file = document.querySelector('input')?.files?.[0];
  if (!file) throw new Error('no file was chosen');
  return file;
};

const worker = <T>(name: string): Comlink.Remote<T> =>
  Comlink.wrap<T>(new Worker(`/bench/${name}.worker.js`, { type: 'module' }));
const desk = worker<DeskRemote>('media');
const loading = worker<LoadRemote>('loading');

/** How long the page could not do anything else, and how long nothing new was seen. Milliseconds. */
class Frames {
  longestTask = 0;
  longestGap = 0;
  #isOver = false;

  constructor() {
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.longestTask = Math.max(this.longestTask, duration);
    });
    observer.observe({ type: 'longtask' });
    let last = performance.now();
    const frame = (now: number): void => {
      this.longestGap = Math.max(this.longestGap, now - last);
      last = now;
      if (this.#isOver) observer.disconnect();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(frame);
    });
  }

  end(): { readonly longestTask: number; readonly longestGap: number } {
    this.#isOver = true;
    return { longestTask: this.longestTask, longestGap: this.longestGap };
  }
}

const timed = async (work: () => Promise<void>) => {
  const frames = new Frames();
  const began = performance.now();
  await work();
  return { seconds: (performance.now() - began) / 1000, ...frames.end() };
};
export type Timed = Awaited<ReturnType<typeof timed>>;

let last: SealedFile | undefined;

const page = {
  open: async (): Promise<void> => {
    const deviceKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    const keys = { profile: '0'.repeat(32), dataKey: crypto.getRandomValues(new Uint8Array(32)), deviceKey };
    const ears: DeskEars = {
      rows: () => undefined,
      sign: (draft) => Promise.resolve({ ok: true, value: sign(draft) }),
      sealed: () => Promise.resolve(true),
    };
    await Promise.all([
      desk.open({ keys, server: location.origin }, Comlink.proxy(ears)),
      loading.open(keys),
    ]);
  },
  /** Seals, hashes and sends. */
  seal: (): Promise<Timed> =>
    timed(async () => {
      const file = { body: chosen(), type: 'video/mp4', name: 'film.mp4' };
      const sealed = await desk.seal(
        'bench',
        file,
        {},
        Comlink.proxy(() => undefined),
      );
      if (!sealed.ok) throw new Error(sealed.error.message);
      last = sealed.value;
    }),
  /** A plain PUT of the same bytes. */
  put: (hash: string): Promise<Timed> =>
    timed(async () => {
      const expiration = Math.floor(Date.now() / 1000) + 3600;
      const draft = makeBlobAuth({ verb: 'upload', reason: 'bench', hashes: [hash], expiration });
      const response = await fetch('/upload', {
        method: 'PUT',
        headers: { authorization: encodeBlobAuth(sign(draft)), 'content-type': 'application/octet-stream' },
        body: chosen(),
      });
      if (!response.ok) throw new Error(`${response.status} ${response.headers.get('x-reason') ?? ''}`);
    }),
  /** Fetches what was sealed last, verifies and opens it. */
  pour: (): Promise<Timed> =>
    timed(async () => {
      if (!last) throw new Error('nothing was sealed');
      const { url, hash, key, type, size = 0 } = last;
      let bytes = 0;
      const source = { url: new URL(new URL(url).pathname, location.origin).href, hash, key, type, size };
      const take = (part: Uint8Array): Promise<void> => {
        bytes += part.length;
        return Promise.resolve();
      };
      const poured = await loading.pour({ id: 1, source, servers: [] }, Comlink.proxy(inTurn(take)));
      if (!poured.ok) throw new Error(poured.error.message);
      if (bytes !== size) throw new Error(`${bytes} of ${size} bytes came`);
    }),
  /** A plain GET of the same bytes. */
  get: (): Promise<Timed> =>
    timed(async () => {
      const response = await fetch(new URL(last?.url ?? '').pathname, { cache: 'no-store' });
      const reader = response.body?.getReader();
      while (!(await reader?.read())?.done);
    }),
};

export type MediaPage = typeof page;
Object.assign(globalThis, { mediaPage: page });
