/** What was shared, as the words of a line. */
import type { SharedParcel } from '#client/device/shared-parcels.ts';

type Words = Pick<SharedParcel, 'title' | 'text' | 'url'>;

/** Title, text and link, each on a line of its own, nothing said twice: many apps put the link into the text. */
export const shareText = ({ title, text, url }: Words): string => {
  const parts: string[] = [];
  for (const part of [text, title, url].map((each) => each.trim()))
    if (part !== '' && !parts.some((other) => other.includes(part))) parts.push(part);
  const heading = parts.indexOf(title.trim());
  return heading > 0
    ? [parts[heading], ...parts.filter((_, at) => at !== heading)].join('\n')
    : parts.join('\n');
};

/** A draft with shared words behind what stands in it already. */
export const withShared = (draft: string, shared: string): string =>
  draft.trim() === '' ? shared : `${draft.trimEnd()}\n${shared}`;

/** The first link in what was shared, if it is one that a person may follow. */
export const linkOf = (parcel: Words): URL | undefined => {
  const found = /https?:\/\/\S+/i.exec(shareText(parcel))?.[0];
  return found !== undefined && URL.canParse(found) ? new URL(found) : undefined;
};
