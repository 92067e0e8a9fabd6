/** Finding names as people type them: without accents, without case, best first. */

/** Lower case without accents; half- and full-width forms are one. */
export const foldName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l')
    .trim();

/** 0: the name starts so; 1: one of its words does; 2: it is inside; undefined: not at all. */
const rank = (name: string, prefix: string): number | undefined => {
  if (name.startsWith(prefix)) return 0;
  const at = name.indexOf(prefix);
  if (at < 0) return undefined;
  return name.split(/[\s\-_.]+/u).some((word) => word.startsWith(prefix)) ? 1 : 2;
};

/** Those whose name fits, best first: start of the name, start of a word, inside; then by name. */
export const rankNames = <T extends { readonly name: string }>(prefix: string, among: readonly T[]): T[] => {
  const wanted = foldName(prefix);
  return among
    .flatMap((one) => {
      const folded = foldName(one.name);
      const place = rank(folded, wanted);
      return place === undefined ? [] : [{ one, folded, place }];
    })
    .sort((a, b) => a.place - b.place || a.folded.localeCompare(b.folded))
    .map(({ one }) => one);
};
