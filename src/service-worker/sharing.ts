/** The share target: takes what another app hands over, keeps it until a page has taken it, and opens that page. */
import { registerRoute } from 'workbox-routing';
import { SharedParcels } from '#client/device/shared-parcels.ts';
import type { SharedRefusal } from '#client/device/shared-parcels.ts';
import { DexieShareKeys } from '#client/store/disk/share-keys.ts';
import { ATTACHMENTS_MAX } from '#protocol/media/attachments.ts';

/** Characters of title, text and link together. */
const MOST_CHARACTERS = 20_000;
/** Bytes of one file: a longer film of a phone. What may be sent where is the tray's affair. */
const MOST_FILE_BYTES = 200_000_000;

const PATH = '/share';

/** What fits, and why the rest does not. */
interface Taken {
  readonly words: { readonly title: string; readonly text: string; readonly url: string };
  readonly files: readonly File[];
  readonly refused: readonly SharedRefusal[];
}

const nothing = { title: '', text: '', url: '' };

/** Sorts a shared form into what is taken and what is refused. */
const takeForm = (form: FormData): Taken => {
  const refused = new Set<SharedRefusal>();
  const word = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const words = { title: word('title'), text: word('text'), url: word('url') };
  const isLong = words.title.length + words.text.length + words.url.length > MOST_CHARACTERS;
  if (isLong) refused.add('too-long');
  const given = [...form.values()].filter((value) => typeof value !== 'string' && value.size > 0) as File[];
  const files = given.filter(({ size }) => size <= MOST_FILE_BYTES);
  if (files.length < given.length) refused.add('file-too-big');
  if (files.length > ATTACHMENTS_MAX) refused.add('too-many-files');
  return {
    words: isLong ? nothing : words,
    files: files.slice(0, ATTACHMENTS_MAX),
    refused: [...refused],
  };
};

const takeRequest = async (request: Request): Promise<Taken> => {
  try {
    return takeForm(await request.formData());
  } catch {
    return { words: nothing, files: [], refused: ['unreadable'] };
  }
};

const parcelsOf = (origin: string): SharedParcels => new SharedParcels(caches, new DexieShareKeys(), origin);

/**
 * Answers the POST of a share with the way to the page that takes it on. Nothing is sent anywhere; whoever shared is asked where
 * it shall go.
 */
export const keepShared = async (
  request: Request,
  parcels = parcelsOf(new URL(request.url).origin),
): Promise<Response> => {
  const { words, files, refused } = await takeRequest(request);
  const id = crypto.randomUUID();
  try {
    await parcels.keep({ id, ...words, refused }, files);
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
  // What nobody took in its hour goes with the next start of this worker.
  void parcelsOf(location.origin)
    .sweep()
    .catch(() => undefined);
};
