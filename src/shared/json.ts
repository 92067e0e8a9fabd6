import { fail, ok } from './result.ts';
import type { Failure, Result } from './result.ts';

/**
 * Parses JSON from a stranger. Refuses nesting deeper than `maxDepth` before parsing, so that no later recursion
 * can overflow; fails with `json`.
 */
export const parseJson = (text: string, maxDepth = 16): Result<unknown, Failure<'json'>> => {
  if (depthOf(text, maxDepth) > maxDepth) return fail('json', `nested deeper than ${maxDepth} levels`);
  try {
    return ok(JSON.parse(text));
  } catch (cause) {
    return fail('json', 'not valid JSON', cause);
  }
};

const QUOTE = 34;
const BACKSLASH = 92;

const depthOf = (text: string, enough: number): number => {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === 91 || code === 123) {
      deepest = Math.max(deepest, ++depth);
      if (deepest > enough) return deepest;
    } else if (code === 93 || code === 125) depth--;
  }
  return deepest;
};

/** True for a plain object (not null, not an array). */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
