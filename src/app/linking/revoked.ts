/** A revoked device is wiped; the page that begins anew then says why. */
import { m } from '#messages/paraglide/messages.js';
import type { ToastQueue } from '#ui/notices/toasts.svelte.ts';

const KEY = 'city.revoked';

/** Before the wipe, which leaves nothing in this tab: as the page goes, the next one is left something to say. */
export const noteRevoked = (
  page: Pick<EventTarget, 'addEventListener'>,
  storage: Pick<Storage, 'setItem'>,
): void => page.addEventListener('pagehide', () => storage.setItem(KEY, '1'), { once: true });

/** Says it once. */
export const tellRevoked = (
  storage: Pick<Storage, 'getItem' | 'removeItem'>,
  toasts: Pick<ToastQueue, 'show'>,
): void => {
  if (storage.getItem(KEY) === null) return;
  storage.removeItem(KEY);
  toasts.show({ text: m.devices_revoked_here(), tone: 'warn', timeout: 60_000 });
};
