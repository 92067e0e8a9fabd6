/** The page's surroundings as the browser has them. */
import type { WakingWindow } from './waking.svelte.ts';

const worker = (): ServiceWorkerContainer | undefined =>
  'serviceWorker' in navigator ? navigator.serviceWorker : undefined;

/** Tabs are told by the service worker; where there is none, nobody says anything. */
export const wakingWindow: WakingWindow = {
  isVisible: () => document.visibilityState === 'visible',
  onvisibility: (listener) => {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
  every: (ms, listener) => {
    const timer = setInterval(listener, ms);
    return () => clearInterval(timer);
  },
  onword: (listener) => {
    const hear = ({ data, ports }: MessageEvent<unknown>): void => {
      if (listener(data)) ports[0]?.postMessage(true);
    };
    worker()?.addEventListener('message', hear);
    return () => worker()?.removeEventListener('message', hear);
  },
  shown: async () => {
    const registration = await worker()?.getRegistration();
    return (await registration?.getNotifications?.()) ?? [];
  },
};
