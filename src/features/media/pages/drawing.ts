/** One page on a canvas, as sharp as the screen shows it. */
import type { PDFPageProxy } from 'pdfjs-dist';

/** Canvases of more pixels are refused by some browsers; beyond it, it is drawn coarser. */
const PIXELS_MAX = 16_000_000;

/** `scale`: CSS pixels per point of the document. Rejects when stopped, and where the page cannot be drawn. */
export const drawPage = async (
  page: PDFPageProxy,
  scale: number,
  signal: AbortSignal,
): Promise<HTMLCanvasElement> => {
  const plain = page.getViewport({ scale });
  const most = Math.sqrt(PIXELS_MAX / Math.max(1, plain.width * plain.height));
  const viewport = page.getViewport({ scale: scale * Math.min(devicePixelRatio, most) });
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  const task = page.render({ canvas, viewport });
  const stop = (): void => task.cancel();
  signal.addEventListener('abort', stop, { once: true });
  signal.throwIfAborted();
  await task.promise;
  signal.removeEventListener('abort', stop);
  return canvas;
};

/** What is written on the page, for whoever hears it. */
export const wordsOn = async (page: PDFPageProxy): Promise<string> => {
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
};
