/** A line that begins with a slash: a command, or words after all. */

/** `//` at the beginning is a slash; what looks like no command (`/usr/bin`, `/ `) is words. */
export type Read = { readonly name: string; readonly rest: string } | { readonly words: string };

/** Reads what stands in a field, trimmed. */
export const readLine = (text: string): Read => {
  if (text.startsWith('//')) return { words: text.slice(1) };
  const match = /^\/([a-z][a-z0-9-]{0,23})(?:\s+([^]*))?$/i.exec(text);
  return match?.[1] === undefined
    ? { words: text }
    : { name: match[1].toLowerCase(), rest: (match[2] ?? '').trim() };
};

/** Words as somebody has to write them so that they are sent as they are; an action stays one. */
export const asWritten = (words: string): string => {
  const read = readLine(words);
  const isPlain = 'words' in read && read.words === words;
  return isPlain || /^\/me\s/.test(words) ? words : `/${words}`;
};

/** The beginning of a command before the caret, where it is still being written; its name so far. */
export const commandBegun = (text: string, caret: number): string | undefined =>
  /^\/([a-z0-9-]{0,24})$/i.exec(text.slice(0, caret))?.[1];
