/** A line among the tabs of this origin. */
import type { Line } from './desk.ts';

/** Everybody who opens the same name hears it, in every tab and worker, but not whoever says it. */
export const channelLine = (name: string): Line => {
  const channel = new BroadcastChannel(name);
  return {
    say: (message) => channel.postMessage(message),
    hear: (ear) => {
      const hear = ({ data }: MessageEvent<unknown>): void => ear(data);
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
    close: () => channel.close(),
  };
};
