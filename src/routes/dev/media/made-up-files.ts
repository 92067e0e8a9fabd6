/** Files that nobody sent, and a loader that draws them or fails as told. */
import type { LoadOptions } from '#client/media/loading/loader.ts';
import type { LoadCode, Loaded, MediaSource } from '#client/media/loading/source.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import { fail, ok } from '#shared/result.ts';

const BLURHASHES = [
  'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  'LGF5]+Yk^6#M@-5c,1J5@[or[Q6.',
  'L6Pj0^jE.AyE_3t7t7R**0o#DgR4',
];

let made = 0;

/** A picture of so many pixels; its number is in its address, so that it always looks the same. */
export const madeUpPicture = (width: number, height: number, more: Partial<Attachment> = {}): Attachment => {
  const number = made++;
  return {
    url: `https://city.test/${number.toString(16).padStart(64, '0')}.webp`,
    hash: number.toString(16).padStart(64, '0'),
    type: 'image/webp',
    width,
    height,
    size: 200_000,
    blurhash: BLURHASHES[number % BLURHASHES.length] ?? '',
    ...more,
  };
};

const draw = async ({ url }: MediaSource, width: number, height: number): Promise<Blob> => {
  const number = Number.parseInt(url.slice(-10, -5), 16) || 0;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  const sky = context.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, `oklch(0.75 0.09 ${(number * 47) % 360})`);
  sky.addColorStop(1, `oklch(0.35 0.08 ${(number * 47 + 80) % 360})`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  context.fillStyle = `oklch(0.9 0.05 ${(number * 91) % 360})`;
  for (let at = 0; at < 6; at++)
    context.fillRect((at * width) / 6, height * (0.45 + 0.06 * ((at * 7 + number) % 5)), width / 8, height);
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
};

/** Loads like the real one: after so many milliseconds; addresses with a code in them end with it. */
export const madeUpLoader = (wait: number) => {
  const load = async (source: MediaSource, pixels: number, options: LoadOptions): Promise<Loaded<Blob>> => {
    for (let part = 1; part <= 5; part++) {
      await new Promise((go) => setTimeout(go, wait / 5));
      options.onprogress?.(part * 20, 100);
    }
    const code = /#(\w[\w-]*)$/.exec(source.url)?.[1] as LoadCode | undefined;
    if (code) return fail(code, code);
    const { width = 1600, height = 1200 } = source as Attachment;
    const scale = Math.min(1, pixels / width);
    return ok(await draw(source, Math.max(1, width * scale), Math.max(1, height * scale)));
  };
  return {
    load: (source: MediaSource, options: LoadOptions = {}) => load(source, 1600, options),
    loadThumb: (source: MediaSource, width: number, options: LoadOptions = {}) =>
      load(source, width, options),
    usage: async () => ({ files: 1204, bytes: 312_000_000 }),
    shrink: async () => undefined,
    setBound: async () => undefined,
  };
};
