/** The two minutes' line between two devices: sealed, signed by keys for this once, through the city's relay, stored nowhere. */
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { parseLinkMessage } from '#protocol/devices/linking.ts';
import type { LinkMessage } from '#protocol/devices/linking.ts';
import { hasValidId, parseEvent } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { DEVICE_LINK } from '#protocol/kinds.ts';
import type { Clock } from '#shared/time.ts';
import { plainDraft } from '../keys/check-signed.ts';
import { SecretCipher } from '../keys/secret-cipher.ts';

/** A relay, as far as two devices need it. */
export interface LinkRelay {
  send(event: NostrEvent): Promise<void>;
  close(): void;
}
/** Connects, and hands over what is addressed to a key from now on. Rejects where there is no connection. */
export type OpenLinkRelay = (pubkey: string, heard: (event: NostrEvent) => void) => Promise<LinkRelay>;

/** One end of the line. `close` forgets its key. */
export class LinkLine {
  readonly pubkey: string;
  readonly #secret = generateSecretKey();
  readonly #cipher = new SecretCipher(() => this.#secret);
  readonly #clock: Clock;
  readonly #seen = new Set<string>();
  #relay: LinkRelay | undefined;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.pubkey = getPublicKey(this.#secret);
  }

  /** Starts hearing what is sealed for this end; everything once, and only what its sender signed. */
  async open(
    open: OpenLinkRelay,
    heard: (message: LinkMessage, from: string) => Promise<void>,
  ): Promise<void> {
    const { verifyEvent } = await import('nostr-tools/pure');
    const relay = await open(this.pubkey, (value) => {
      const event = parseEvent(value);
      if (!event.ok || this.#isClosed || this.#seen.has(event.value.id)) return;
      const { kind, pubkey, content, id } = event.value;
      if (kind !== DEVICE_LINK || !hasValidId(event.value) || !verifyEvent(plainEvent(event.value))) return;
      this.#seen.add(id);
      void this.#cipher.decrypt(pubkey, content).then((plain) => {
        const message = plain.ok ? parseLinkMessage(plain.value) : undefined;
        if (message && !this.#isClosed) return heard(message, pubkey);
      });
    });
    if (this.#isClosed) relay.close();
    else this.#relay = relay;
  }

  /** Says something to the other end; nothing once it is closed. */
  async say(message: LinkMessage, to: string): Promise<void> {
    const sealed = this.#isClosed ? undefined : await this.#cipher.encrypt(to, JSON.stringify(message));
    if (!sealed?.ok) return;
    const draft = { kind: DEVICE_LINK, content: sealed.value, tags: [['p', to]] };
    const event = finalizeEvent(plainDraft({ ...draft, created_at: this.#clock.now() }), this.#secret);
    await this.#relay?.send(plainEvent(event));
  }

  close(): void {
    this.#isClosed = true;
    this.#relay?.close();
    this.#cipher.forget();
    this.#secret.fill(0);
  }
}

const plainEvent = ({ id, pubkey, created_at, kind, tags, content, sig }: NostrEvent) => ({
  ...{ id, pubkey, created_at, kind, content, sig },
  tags: tags.map((tag) => [...tag]),
});
