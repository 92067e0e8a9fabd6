/** The first page of a PDF as a picture; on the page, because its reader has a worker of its own. */
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { beginReading } from '../pages/reader.ts';
import type { Prepared, PrepareFailure } from './prepared.ts';
import { standingIn } from './small-picture.ts';
import type { Standing } from './small-picture.ts';

/** Longest side of the page that is drawn, in pixels. */
const SIDE = 960;

interface FirstPage extends Standing {
  readonly width: number;
  readonly height: number;
}

/** Undefined where it cannot be read, or wants a password. */
const firstPage = async (file: Blob): Promise<FirstPage | undefined> => {
  const loading = await beginReading(file);
  try {
    const page = await (await loading.promise).getPage(1);
    const { width, height } = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: SIDE / Math.max(width, height) });
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(viewport.width));
    canvas.height = Math.max(1, Math.round(viewport.height));
    await page.render({ canvas, viewport }).promise;
    const bitmap = await createImageBitmap(canvas);
    const size = { width: bitmap.width, height: bitmap.height };
    const standing = await standingIn(bitmap);
    bitmap.close();
    return { ...size, ...standing };
  } finally {
    void loading.destroy();
  }
};

/** Adds the first page's picture to a PDF; anything else comes back as it was. A PDF without a picture is still a PDF. */
export const withFirstPage = async (
  outcome: Result<Prepared, PrepareFailure>,
  signal: AbortSignal,
): Promise<Result<Prepared, PrepareFailure>> => {
  if (!outcome.ok || outcome.value.note !== 'pdf' || signal.aborted) return outcome;
  const { file, note } = outcome.value;
  const page = await firstPage(file.body).catch(() => undefined);
  return page ? ok({ file: { ...file, ...page }, note }) : outcome;
};
