/** The share target: takes what another app hands over, keeps it until a page has taken it, and opens that page. */
import { registerRoute } from 'workbox-routing';
import { SharedParcels } from '#client/device/shared-parcels.ts';
import type { SharedRefusal } from '#client/device/shared-parcels.ts';

/** Characters of title, text and link together. */
const MOST_CHARACTERS = 20_000;
const MOST_PICTURES = 4;
const MOST_PICTURE_BYTES = 10_000_000;
/** Pictures that every browser shows and none runs: no SVG. */
const isPicture = (type: string): boolean => /^image\/(png|jpeg|gif|webp|avif)$/.test(type);

const PATH = '/share';

/** What fits, and why the rest does not. */
interface Taken {
  readonly words: { readonly title: string; readonly text: string; readonly url: string };
  readonly pictures: readonly Blob[];
  readonly refused: readonly SharedRefusal[];
}

const nothing = { title: '', text: '', url: '' };

/** Sorts a shared form into what is taken and what is refused. */
export const takeForm = (form: FormData): Taken => {
  const refused = new Set<SharedRefusal>();
  const word = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const words = { title: word('title'), text: word('text'), url: word('url') };
  const isLong = words.title.length + words.text.length + words.url.length > MOST_CHARACTERS;
  if (isLong) refused.add('too-long');
  const files = [...form.values()].filter((value) => typeof value !== 'string' && value.size > 0) as File[];
  const pictures = files.filter((file) => {
    if (!isPicture(file.type)) refused.add('not-picture');
    else if (file.size > MOST_PICTURE_BYTES) refused.add('picture-too-big');
    else return true;
    return false;
  });
  if (pictures.length > MOST_PICTURES) refused.add('too-many-pictures');
  return {
    words: isLong ? nothing : words,
    pictures: pictures.slice(0, MOST_PICTURES),
    refused: [...refused],
  };
};

const takeRequest = async (request: Request): Promise<Taken> => {
  try {
    return takeForm(await request.formData());
  } catch {
    return { words: nothing, pictures: [], refused: ['unreadable'] };
  }
};

/**
 * Answers the POST of a share with the way to the page that takes it on. Nothing is sent anywhere; whoever shared is asked where
 * it shall go.
 */
export const keepShared = async (
  request: Request,
  parcels = new SharedParcels(caches, new URL(request.url).origin),
): Promise<Response> => {
  const { words, pictures, refused } = await takeRequest(request);
  const id = crypto.randomUUID();
  try {
    await parcels.keep({ id, ...words, pictures: pictures.map(({ type }) => type), refused }, pictures);
  } catch (cause) {
    // The page says that it could not be kept.
    console.warn('What was shared could not be kept', cause);
  }
  return Response.redirect(new URL(`${PATH}/${id}`, request.url).href, 303);
};

/** Takes shares from now on; to be called while the worker's script runs first. */
export const serveShares = (): void => {
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && url.pathname === PATH,
    ({ request }) => keepShared(request),
    'POST',
  );
};
