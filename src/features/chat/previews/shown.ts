/** Which web addresses of a line have a card: only such as stand in its words as a link. */
import type { LinkPreview } from '#protocol/media/previews.ts';
import { tokenize } from '../text/tokenize.ts';

/** A preview with where it leads, and the host as it truly is. */
export interface ShownPreview extends LinkPreview {
  readonly href: string;
  readonly host: string;
}

const linksIn = (text: string) => tokenize(text).flatMap((token) => (token.type === 'link' ? [token] : []));

const hrefOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).href : undefined);

/** The first web address of a line that is being written: as it is written, where that is a whole address. */
export const addressIn = (text: string): string | undefined => {
  const link = linksIn(text)[0];
  return link && (/^https?:/i.test(link.text) ? link.text : link.href);
};

/** `https://xn--…` stays what it is: the host is told by this device, never by who wrote the line. */
const hostOf = (href: string, shown: string): string =>
  /^(?:http:\/\/)?([^/?#\\]*)/.exec(shown)?.[1] ?? new URL(href).host;

/** The previews of a line that belong to links in its words, in their order. */
export const shownPreviews = (text: string, previews: readonly LinkPreview[] = []): ShownPreview[] => {
  if (previews.length === 0) return [];
  const links = new Map(linksIn(text).map(({ href, shown }) => [href, shown]));
  return previews.flatMap((preview) => {
    const href = hrefOf(preview.url);
    const shown = href === undefined ? undefined : links.get(href);
    return href === undefined || shown === undefined ? [] : [{ ...preview, href, host: hostOf(href, shown) }];
  });
};
