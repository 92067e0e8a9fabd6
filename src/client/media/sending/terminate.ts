/** Giving an upload up where it was begun. */
import type { Fetch } from './fetch-stack.ts';

/** Milliseconds. */
const PATIENCE = 10_000;

/** Tells the city that nothing more comes; where it does not hear, it forgets the upload after a while by itself. */
export const endAtCity = async (fetch: Fetch, url: string | undefined): Promise<void> => {
  if (url === undefined) return;
  const signal = AbortSignal.timeout(PATIENCE);
  await fetch(url, {
    method: 'DELETE',
    headers: { 'tus-resumable': '1.0.0' },
    credentials: 'omit',
    signal,
  }).catch(() => undefined);
};
