import { error } from '@sveltejs/kit';

/** The map's bench and mirror: only in development, or in a build made to be looked at. */
export const load = (): void => {
  if (!import.meta.env.DEV && import.meta.env['VITE_GALLERY'] === undefined) error(404);
};
