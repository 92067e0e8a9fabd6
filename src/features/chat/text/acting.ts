/** Lines that say what their author does, as `/me` writes them: "/me waves". */

const ACTING = /^\/me[ \n]+(?=\S)/;

/** What the author does, without the sign; undefined for a line that says something. */
export const actionOf = (text: string): string | undefined => {
  const match = ACTING.exec(text);
  return match ? text.slice(match[0].length) : undefined;
};
