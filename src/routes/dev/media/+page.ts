import { error } from '@sveltejs/kit';
import { dev } from '$app/environment';

/** Made-up files are for those who build: anywhere else this address does not exist. */
export function load(): void {
  if (!dev && !import.meta.env['VITE_GALLERY']) error(404);
}
