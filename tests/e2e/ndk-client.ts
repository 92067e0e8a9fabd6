/** Somebody with another program: NDK on Node, with a key of its own. */
import NDK, {
  NDKEvent,
  NDKPrivateKeySigner,
  NDKRelayAuthPolicies,
  NDKRelaySet,
  NDKSimpleGroup,
} from '@nostr-dev-kit/ndk';
import type { NDKFilter } from '@nostr-dev-kit/ndk';
import { minePow } from 'nostr-tools/nip13';
import WebSocket from 'ws';

// Node 20 brings no WebSocket of its own, and NDK looks for the browser's.
if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket });

export class NdkGuest {
  readonly ndk: NDK;
  readonly pubkey: string;
  readonly relaySet: NDKRelaySet;

  private constructor(ndk: NDK, pubkey: string, relay: string) {
    this.ndk = ndk;
    this.pubkey = pubkey;
    this.relaySet = NDKRelaySet.fromRelayUrls([relay], ndk);
  }

  /** Connects and signs with a fresh key; proves it when the relay asks. */
  static async arrive(relay: string): Promise<NdkGuest> {
    const signer = NDKPrivateKeySigner.generate();
    const ndk = new NDK({ explicitRelayUrls: [relay], signer });
    ndk.relayAuthDefaultPolicy = NDKRelayAuthPolicies.signIn({ ndk, signer });
    await ndk.connect(5000);
    return new NdkGuest(ndk, signer.pubkey, relay);
  }

  group(id: string): NDKSimpleGroup {
    return new NDKSimpleGroup(this.ndk, this.relaySet, id);
  }

  /** A profile with the work that the city asks, which NDK leaves to its caller. */
  async introduce(name: string, bits: number): Promise<void> {
    const mined = minePow(
      {
        kind: 0,
        pubkey: this.pubkey,
        created_at: Math.floor(Date.now() / 1000),
        tags: [],
        content: JSON.stringify({ name }),
      },
      bits,
    );
    await new NDKEvent(this.ndk, mined).publish(this.relaySet);
  }

  /** Signs and publishes; rejects with the relay's words when it says no. */
  async write(kind: number, group: string, content: string): Promise<NDKEvent> {
    const event = new NDKEvent(this.ndk, { kind, content, tags: [['h', group]] });
    await event.publish(this.relaySet);
    return event;
  }

  /** What is stored, until EOSE. */
  async read(filter: NDKFilter): Promise<NDKEvent[]> {
    return [...(await this.ndk.fetchEvents(filter, { closeOnEose: true }, this.relaySet))];
  }

  leave(): void {
    for (const relay of this.ndk.pool.relays.values()) relay.disconnect();
  }
}
