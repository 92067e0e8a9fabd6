/** What lies behind a line's web addresses, as whoever wrote the line saw it (`iog`, "inline open graph", proposed for NIP-92). */
import { displayLine } from '#shared/text.ts';
import type { NostrEvent, Tag } from '../event.ts';
import { makeImeta, parseImeta } from './attachments.ts';
import type { Attachment } from './attachments.ts';

/** Characters of a preview's words; more is cut. */
export const PREVIEW_MAX = { title: 150, description: 300, site: 60 } as const;
/** A line carries at most so many. */
const MOST = 3;
const URL_MAX = 2_048;
const FIELDS: readonly string[] = ['url', 'type', 'title', 'description', 'site_name', 'image'];

/** The words are the sender's: nothing vouches for them but who wrote the line. */
export interface LinkPreview {
  /** An address that stands in the line. */
  readonly url: string;
  readonly title: string;
  readonly description?: string;
  readonly site?: string;
  readonly picture?: Attachment;
}

/** The words of a preview, cut to what is shown and in one line each; empty ones are absent. Undefined without a title. */
export const previewWords = (
  words: Partial<Record<keyof typeof PREVIEW_MAX, string>>,
): Pick<LinkPreview, 'title' | 'description' | 'site'> | undefined => {
  const cut = (name: keyof typeof PREVIEW_MAX) => displayLine(words[name] ?? '', PREVIEW_MAX[name]);
  const [title, description, site] = [cut('title'), cut('description'), cut('site')];
  if (title === '') return undefined;
  return { title, ...(description ? { description } : {}), ...(site ? { site } : {}) };
};

/** One tag an address; the picture is told as an `imeta` tag tells it, its address as `image`. */
export const makePreviewTag = ({ url, title, description, site, picture }: LinkPreview): Tag => [
  'iog',
  `url ${url}`,
  'type website',
  `title ${title}`,
  ...(description === undefined ? [] : [`description ${description}`]),
  ...(site === undefined ? [] : [`site_name ${site}`]),
  ...(picture === undefined
    ? []
    : makeImeta(picture)
        .slice(1)
        .map((field) => field.replace(/^url /, 'image '))),
];

const isWebAddress = (text: string): boolean => {
  if (text.length > URL_MAX || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
};

/** A preview's picture is a picture, and of a city's or its like: somebody put it there by its hash. */
const pictureOf = (image: string, rest: readonly string[]): Attachment | undefined => {
  const picture = parseImeta(['imeta', `url ${image}`, ...rest]);
  return picture?.hash !== undefined && /^image\/(?!svg)/.test(picture.type) ? picture : undefined;
};

const parsePreviewTag = (tag: Tag): LinkPreview | undefined => {
  const fields = new Map<string, string>();
  const rest: string[] = [];
  for (const field of tag.slice(1)) {
    const at = field.indexOf(' ');
    const name = at < 0 ? field : field.slice(0, at);
    if (!FIELDS.includes(name)) rest.push(field);
    else if (!fields.has(name)) fields.set(name, at < 0 ? '' : field.slice(at + 1));
  }
  const url = fields.get('url') ?? '';
  const words = previewWords({
    title: fields.get('title') ?? '',
    description: fields.get('description') ?? '',
    site: fields.get('site_name') ?? '',
  });
  if (!words || !isWebAddress(url)) return undefined;
  const image = fields.get('image');
  const picture = image === undefined ? undefined : pictureOf(image, rest);
  return { url, ...words, ...(picture ? { picture } : {}) };
};

/** A line's previews, each address once; whether an address stands in the line is for whoever shows it to see. */
export const parsePreviews = (event: Pick<NostrEvent, 'tags'>): LinkPreview[] => {
  const found = new Map<string, LinkPreview>();
  for (const tag of event.tags) {
    const preview = tag[0] === 'iog' ? parsePreviewTag(tag) : undefined;
    if (preview && !found.has(preview.url) && found.size < MOST) found.set(preview.url, preview);
  }
  return [...found.values()];
};
