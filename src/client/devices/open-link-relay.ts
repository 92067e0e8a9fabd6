/** The real relay between two devices: a connection of its own, by nostr-tools, loaded when first needed. */
import { DEVICE_LINK } from '#protocol/kinds.ts';
import type { OpenLinkRelay } from './link-line.ts';

/** Connects to the city's relay; nothing of an account is said there. */
export const openLinkRelay =
  (url: string): OpenLinkRelay =>
  async (pubkey, heard) => {
    const { Relay } = await import('nostr-tools/relay');
    const relay = await Relay.connect(url);
    await new Promise<void>((settled) => {
      relay.subscribe([{ kinds: [DEVICE_LINK], '#p': [pubkey] }], { onevent: heard, oneose: settled });
    });
    return {
      send: async ({ tags, ...event }) => {
        await relay.publish({ ...event, tags: tags.map((tag) => [...tag]) });
      },
      close: () => relay.close(),
    };
  };
