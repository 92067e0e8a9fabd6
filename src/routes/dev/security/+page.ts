import { error } from '@sveltejs/kit';

/** The mirror of the locks: only in development, or in a build made to be looked at. */
export const load = (): void => {
  if (!import.meta.env.DEV && import.meta.env['VITE_GALLERY'] === undefined) error(404);
};
