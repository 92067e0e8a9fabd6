/** The page's side of the photo's bench: the app's own worker and what starts it, and a picture on the screen in the end. */
import { Preparer } from '../../../src/features/media/prepare/preparer.ts';

let preparer: Preparer | undefined;

const page = {
  /** Milliseconds from the file to its small picture on the screen, ready to be sent; and what came of it. */
  async photo(path: string): Promise<{ readonly ms: number; readonly bytes: number; readonly side: string }> {
    const file = await (await fetch(path)).blob();
    const began = performance.now();
    preparer ??= new Preparer(() => new Worker('/preparing.worker.js', { type: 'module' }));
    const { signal } = new AbortController();
    const outcome = await preparer.prepare(file, 'photo.jpg', { audience: 'open', signal });
    if (!outcome.ok) throw new Error(outcome.error.message);
    const { body, thumb, width, height } = outcome.value.file;
    const image = new Image();
    image.src = URL.createObjectURL(thumb?.body ?? body);
    document.body.replaceChildren(image);
    await image.decode();
    await new Promise((drawn) => requestAnimationFrame(drawn));
    return { ms: performance.now() - began, bytes: body.size, side: `${width}x${height}` };
  },
};

export type PhotoPage = typeof page;
Object.assign(globalThis, { photoPage: page });
