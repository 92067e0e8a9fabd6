/** What a page says of itself: Open Graph, the cards of others, and plain HTML. Read by a parser that keeps no tree. */
import { Parser } from 'htmlparser2';

/** Words as the page has them: untamed, of any length up to the page's own. */
export interface PageWords {
  readonly title?: string;
  readonly description?: string;
  readonly site?: string;
  /** Absolute, http or https. */
  readonly picture?: string;
}

type Wanted = keyof PageWords;

/** For each thing the names it goes by, the best first. */
const NAMES: Readonly<Record<Wanted, readonly string[]>> = {
  title: ['og:title', 'twitter:title', 'title'],
  description: ['og:description', 'twitter:description', 'description'],
  site: ['og:site_name', 'application-name'],
  picture: [
    'og:image:secure_url',
    'og:image',
    'og:image:url',
    'twitter:image',
    'twitter:image:src',
    'image_src',
  ],
};
const KNOWN: ReadonlySet<string> = new Set(Object.values(NAMES).flat());
/** Of one thing so much is kept, whatever comes. */
const MOST_KEPT = 4_000;
/** Where a title is that of a drawing, or nobody's. */
const APART: ReadonlySet<string> = new Set(['svg', 'math', 'template', 'noscript']);

class PageReader {
  readonly found = new Map<string, string>();
  charset: string | undefined;
  base: string | undefined;
  #isInTitle = false;
  #apart = 0;

  onopentag = (name: string, attributes: Readonly<Record<string, string>>): void => {
    if (APART.has(name)) this.#apart += 1;
    else if (this.#apart > 0) return;
    else if (name === 'title') this.#isInTitle = !this.found.has('title');
    else if (name === 'base') this.base ??= attributes['href'];
    else if (name === 'meta') this.#meta(attributes);
    else if (name === 'link' && /(?:^|\s)image_src(?:\s|$)/i.test(attributes['rel'] ?? ''))
      this.#keep('image_src', attributes['href']);
  };

  ontext = (text: string): void => {
    if (!this.#isInTitle) return;
    const before = this.found.get('title') ?? '';
    this.found.set('title', (before + text).slice(0, MOST_KEPT));
  };

  onclosetag = (name: string): void => {
    if (APART.has(name)) this.#apart = Math.max(0, this.#apart - 1);
    if (name === 'title') this.#isInTitle = false;
  };

  #meta(attributes: Readonly<Record<string, string>>): void {
    const { charset, content = '' } = attributes;
    const told =
      charset ??
      (attributes['http-equiv']?.toLowerCase() === 'content-type' ? charsetIn(content) : undefined);
    if (told !== undefined) this.charset ??= told;
    for (const name of [attributes['property'], attributes['name']]) this.#keep(name?.toLowerCase(), content);
  }

  #keep(name: string | undefined, value: string | undefined): void {
    if (name === undefined || !KNOWN.has(name) || !value || value.trim() === '' || this.found.has(name))
      return;
    this.found.set(name, value.slice(0, MOST_KEPT));
  }
}

const read = (html: string): PageReader => {
  const reader = new PageReader();
  const parser = new Parser(reader, { decodeEntities: true });
  parser.write(html);
  parser.end();
  return reader;
};

const charsetIn = (text: string): string | undefined => /charset\s*=\s*["']?([\w:-]{1,40})/i.exec(text)?.[1];

const decoderFor = (label: string | undefined): InstanceType<typeof TextDecoder> | undefined => {
  try {
    return label === undefined ? undefined : new TextDecoder(label);
  } catch {
    return undefined;
  }
};

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16be', [0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
];
/** So far into a page browsers look for its charset. */
const CHARSET_WITHIN = 1024;

/** The page's text: by its byte order mark, by what its sender says, by what it says itself, else UTF-8. */
export const decodePage = (bytes: Uint8Array, type: string): string => {
  const mark = MARKS.find(([, start]) => start.every((byte, at) => bytes[at] === byte))?.[0];
  const said = decoderFor(mark) ?? decoderFor(charsetIn(type));
  if (said) return said.decode(bytes);
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, CHARSET_WITHIN));
  return (decoderFor(read(start).charset) ?? new TextDecoder()).decode(bytes);
};

const webAddress = (text: string | undefined, base: string): string | undefined => {
  if (text === undefined || !URL.canParse(text.trim(), base)) return undefined;
  const url = new URL(text.trim(), base);
  return /^https?:$/.test(url.protocol) ? url.href : undefined;
};

/** What a page says of itself. `address`: where it lies, for what it names relative to that. */
export const readPage = (html: string, address: string): PageWords => {
  const { found, base } = read(html);
  const best = (wanted: Wanted): string | undefined =>
    NAMES[wanted].map((name) => found.get(name)).find((value) => value !== undefined);
  const [title, description, site] = [best('title'), best('description'), best('site')];
  const picture = webAddress(best('picture'), webAddress(base, address) ?? address);
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(site === undefined ? {} : { site }),
    ...(picture === undefined ? {} : { picture }),
  };
};
