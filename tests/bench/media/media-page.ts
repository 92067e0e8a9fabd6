/** The page's side of the files' bench: the app's own worker, and a plain PUT beside it. */
import * as Comlink from 'comlink';
import type { DeskEars, DeskRemote } from '../../../src/client/media/desk/remote.ts';

declare const benchSign: (draft: unknown) => Promise<unknown>;

/** Bytes by chance, a megabyte repeated with its number: nothing on the way may shorten them. */
const makeBody = (megabytes: number): Blob => {
  const part = crypto.getRandomValues(new Uint8Array(65_536));
  const parts = Array.from({ length: megabytes }, (_, n) => {
    const mega = new Uint8Array(1 << 20);
    for (let at = 0; at < mega.length; at += part.length) mega.set(part, at);
    new DataView(mega.buffer).setUint32(0, n);
    return new Blob([mega]);
  });
  return new Blob(parts, { type: 'application/octet-stream' });
};

const bodies = new Map<number, Blob>();
const bodyOf = (megabytes: number): Blob => {
  const body = bodies.get(megabytes) ?? makeBody(megabytes);
  bodies.set(megabytes, body);
  return body;
};
let desk: Comlink.Remote<DeskRemote> | undefined;

const page = {
  prepare: (megabytes: number): number => bodyOf(megabytes).size,
  open: async (): Promise<void> => {
    desk = Comlink.wrap<DeskRemote>(new Worker('/bench/media.worker.js', { type: 'module' }));
    const deviceKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    const keys = { profile: '0'.repeat(32), dataKey: crypto.getRandomValues(new Uint8Array(32)), deviceKey };
    const ears: DeskEars = {
      rows: () => undefined,
      sign: async (draft) => ({ ok: true, value: (await benchSign(draft)) as never }),
      sealed: async () => true,
    };
    await desk.open({ keys, server: location.origin }, Comlink.proxy(ears));
  },
  /** Seconds to seal, hash and send. */
  seal: async (megabytes: number): Promise<number> => {
    const began = performance.now();
    const sealed = await desk?.seal(
      'bench',
      { body: bodyOf(megabytes), type: 'video/mp4', name: 'film.mp4' },
      {},
      Comlink.proxy(() => undefined),
    );
    if (!sealed?.ok) throw new Error(sealed?.error.message ?? 'no desk');
    return (performance.now() - began) / 1000;
  },
  /** Seconds of a plain PUT of the same bytes. */
  put: async (megabytes: number, authorization: string): Promise<number> => {
    const began = performance.now();
    const response = await fetch('/upload', {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/octet-stream' },
      body: bodyOf(megabytes),
    });
    if (!response.ok) throw new Error(`${response.status} ${response.headers.get('x-reason') ?? ''}`);
    return (performance.now() - began) / 1000;
  },
  hash: async (megabytes: number): Promise<string> => {
    const bytes = await bodyOf(megabytes).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  },
};

export type MediaPage = typeof page;
Object.assign(globalThis, { mediaPage: page });
