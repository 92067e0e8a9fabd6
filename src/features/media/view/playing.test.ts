import { beforeEach, expect, test } from 'vitest';
import type { Loaded, MediaSource } from '#client/media/loading/source.ts';
import type { StreamWish } from '#client/media/streaming/file-streams.ts';
import { fail, ok } from '#shared/result.ts';
import { Playing } from './playing.svelte.ts';
import { Saving } from './saving.svelte.ts';
import { savingOf } from './savings.ts';

const film: MediaSource = { url: 'https://city.test/f', type: 'video/mp4', hash: 'a'.repeat(64), size: 100 };
const again = new Blob(['whole']);

/** A page where streams open as told, and the whole comes as told. */
const makePage = ({ streams = true, whole = ok(again) as Loaded<Blob> } = {}) => {
  const wishes: StreamWish[] = [];
  const log: string[] = [];
  const ports = {
    streams: {
      open: async (_source: MediaSource, wish: StreamWish) => {
        wishes.push(wish);
        if (!streams) return undefined;
        const number = wishes.length;
        return { url: `/api/file/${number}`, close: () => void log.push(`closed ${number}`) };
      },
    },
    loader: {
      load: async () => (log.push('whole'), whole),
      pour: async () => ok(undefined),
    },
  };
  return { ports, log, wish: () => wishes.at(-1) as StreamWish };
};
const trouble = (code: 'damaged' | 'unreachable' | 'missing') => ({ code, message: code });
const settled = () => new Promise((go) => setTimeout(go, 0));
beforeEach(() => void Object.assign(globalThis, { window: {} }));

test('what can be read while it plays is not had whole', async () => {
  const { ports, log } = makePage();
  const playing = new Playing(film, ports);
  expect(await playing.start()).toBe(true);
  expect([playing.url, log]).toEqual(['/api/file/1', []]);
  playing.release();
  expect([playing.url, log]).toEqual([undefined, ['closed 1']]);
});

test('where there is no address the whole is had, as before', async () => {
  const { ports } = makePage({ streams: false });
  const playing = new Playing(film, ports);
  expect(await playing.start()).toBe(true);
  expect(playing.url).toMatch(/^blob:/);
  playing.release();
});

test('a damaged film ends at once, a cut one when nothing is left to play, and goes on from there', async () => {
  const { ports, wish } = makePage();
  const playing = new Playing(film, ports);
  await playing.start();
  wish().ontrouble(trouble('unreachable'));
  expect([playing.url, playing.trouble]).toEqual(['/api/file/1', undefined]);
  playing.fail(42);
  expect([playing.url, playing.trouble?.code, playing.from]).toEqual([undefined, 'unreachable', 42]);
  await playing.start();
  expect([playing.url, playing.trouble]).toEqual(['/api/file/2', undefined]);
  wish().ontrouble(trouble('damaged'));
  expect([playing.url, playing.trouble?.code]).toEqual([undefined, 'damaged']);
});

test('what this browser cannot play is said so', async () => {
  const playing = new Playing(film, makePage().ports);
  await playing.start();
  playing.fail(0);
  expect([playing.isUnplayable, playing.url, playing.trouble]).toEqual([true, undefined, undefined]);
});

test('what the city has no more is asked for elsewhere', async () => {
  const { ports, log, wish } = makePage({ whole: fail('missing', 'nobody') });
  const playing = new Playing(film, ports);
  await playing.start();
  wish().ontrouble(trouble('missing'));
  await settled();
  expect([log, playing.trouble?.code]).toEqual([['closed 1', 'whole'], 'missing']);
});

test('who stops while it opens gets no address that stays', async () => {
  const { ports, log } = makePage();
  const playing = new Playing(film, ports);
  const started = playing.start();
  playing.release();
  expect([await started, playing.url, log]).toEqual([false, undefined, ['closed 1']]);
});

test('a download begins, tells how far it is, and ends', async () => {
  const { ports, wish, log } = makePage();
  const begun: string[] = [];
  const saving = new Saving(film, 'harbour.mp4', ports, (url) => void begun.push(url));
  await saving.start();
  expect([begun, saving.isLoading, wish().name]).toEqual([['/api/file/1'], true, 'harbour.mp4']);
  wish().ongiven?.(25);
  expect(saving.progress).toBe(0.25);
  wish().ondone?.();
  expect([saving.isLoading, saving.trouble, log]).toEqual([false, undefined, ['closed 1']]);
});

test('a broken chunk ends a download with words, and it can be tried again', async () => {
  const { ports, wish, log } = makePage();
  const saving = new Saving(film, 'harbour.mp4', ports, () => undefined);
  await saving.start();
  wish().ontrouble(trouble('damaged'));
  expect([saving.isLoading, saving.trouble?.code, log]).toEqual([false, 'damaged', ['closed 1']]);
  await saving.start();
  expect([saving.isLoading, saving.trouble]).toEqual([true, undefined]);
  saving.stop();
  expect([saving.isLoading, saving.trouble, log.at(-1)]).toEqual([false, undefined, 'closed 2']);
});

test('a file that is scrolled away and back is still being saved', () => {
  const { ports } = makePage();
  expect(savingOf(film, 'a', ports)).toBe(savingOf({ ...film }, 'a', ports));
  expect(savingOf(film, 'a', ports)).not.toBe(savingOf({ ...film, hash: 'b' }, 'a', ports));
});
