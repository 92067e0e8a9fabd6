import { isRecord } from '#shared/json.ts';

const NAME = 'QuotaExceededError';

/** The browser gives this origin no more space; Dexie wraps what it says into other errors. */
export const isFullDisk = (cause: unknown): boolean => {
  for (let error: unknown = cause, depth = 0; depth < 5; depth++) {
    if (!isRecord(error) && !(error instanceof Error)) return false;
    const { name, inner, cause: deeper } = error as { name?: unknown; inner?: unknown; cause?: unknown };
    if (name === NAME) return true;
    error = inner ?? deeper;
  }
  return false;
};
