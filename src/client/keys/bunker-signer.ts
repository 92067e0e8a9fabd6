/** A key in a remote signer (NIP-46), over `nostr-tools`. */
import { isHex64 } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Cipher } from '#protocol/direct/wraps.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { BunkerAddress } from './bunker-address.ts';
import { checkSigned, plainDraft } from './check-signed.ts';
import type { FullDraft } from './check-signed.ts';
import type { Signer, SignerFailure } from './signer.ts';
import { foreignCipher } from './foreign-cipher.ts';
import { within } from './within.ts';
import type { WaitFailure } from './within.ts';

/** A conversation with a remote signer. What it answers is a stranger's word. */
export interface BunkerLine {
  connect(): Promise<unknown>;
  getPublicKey(): Promise<unknown>;
  signEvent(event: ReturnType<typeof plainDraft>): Promise<unknown>;
  nip44Encrypt(peer: string, plain: string): Promise<unknown>;
  nip44Decrypt(peer: string, sealed: string): Promise<unknown>;
  close(): void;
}

/** Opens a line; `onauth` gets a web page where the person has to say yes. */
export type OpenBunkerLine = (
  address: BunkerAddress,
  ownSecret: Uint8Array,
  onauth: (url: string) => void,
) => Promise<BunkerLine>;

export interface BunkerOptions {
  readonly open?: OpenBunkerLine;
  readonly signal?: AbortSignal;
  /** Called with an https address when the signer wants the person to confirm there. */
  readonly onauth?: (url: string) => void;
  /** Milliseconds to wait for any answer. */
  readonly patience?: number;
}

const PATIENCE_MS = 60_000;

/** The real line: relays, NIP-44, NIP-46 by nostr-tools, loaded when first needed. */
const openBunkerLine: OpenBunkerLine = async (address, ownSecret, onauth) => {
  const { BunkerSigner: Line } = await import('nostr-tools/nip46');
  const pointer = { pubkey: address.pubkey, relays: [...address.relays], secret: address.secret ?? null };
  const line = Line.fromBunker(ownSecret, pointer, { onauth });
  return {
    connect: () => line.connect({ name: 'Synchrono City' }),
    getPublicKey: () => line.getPublicKey(),
    signEvent: (event) => line.signEvent(event),
    nip44Encrypt: (peer, plain) => line.nip44Encrypt(peer, plain),
    nip44Decrypt: (peer, sealed) => line.nip44Decrypt(peer, sealed),
    close: () => void line.close(),
  };
};

/** Says hello to a remote signer and asks whose key it holds; `refused`, `unreachable` (also on cancel) or `changed`. */
export const connectBunker = async (
  address: BunkerAddress,
  ownSecret: Uint8Array,
  options: BunkerOptions = {},
): Promise<Result<RemoteSigner, SignerFailure>> => {
  const { signal, patience = PATIENCE_MS } = options;
  const line = await openLine(address, ownSecret, options);
  if (!line.ok) return line;
  const answered = await within(
    line.value.connect().then(() => line.value.getPublicKey()),
    patience,
    signal,
  );
  if (answered.ok && isHex64(answered.value))
    return ok(new RemoteSigner(answered.value, line.value, patience));
  line.value.close();
  return answered.ok ? fail('changed', 'The signer did not name an account.') : fromBunker(answered.error);
};

/** Takes up a known connection again without saying hello: the signer remembers this device's key. */
export const resumeBunker = async (
  pubkey: string,
  address: BunkerAddress,
  ownSecret: Uint8Array,
  options: BunkerOptions = {},
): Promise<Result<RemoteSigner, SignerFailure>> => {
  const line = await openLine(address, ownSecret, options);
  return line.ok ? ok(new RemoteSigner(pubkey, line.value, options.patience ?? PATIENCE_MS)) : line;
};

const openLine = async (
  address: BunkerAddress,
  ownSecret: Uint8Array,
  { open = openBunkerLine, onauth, signal, patience = PATIENCE_MS }: BunkerOptions,
): Promise<Result<BunkerLine, SignerFailure>> => {
  const confirm = (url: string): void => {
    if (URL.canParse(url) && new URL(url).protocol === 'https:') onauth?.(url);
  };
  const line = await within(open(address, ownSecret, confirm), patience, signal);
  return line.ok ? line : fromBunker(line.error);
};

/** Signs by asking; every answer is checked. */
export class RemoteSigner implements Signer {
  readonly kind = 'bunker';
  readonly pubkey: string;
  readonly cipher: Cipher;
  readonly #line: BunkerLine;
  readonly #patience: number;

  constructor(pubkey: string, line: BunkerLine, patience: number) {
    this.pubkey = pubkey;
    this.#line = line;
    this.#patience = patience;
    this.cipher = foreignCipher(
      (verb, peer, text) =>
        verb === 'encrypt' ? line.nip44Encrypt(peer, text) : line.nip44Decrypt(peer, text),
      patience,
    );
  }

  async sign(draft: FullDraft): Promise<Result<NostrEvent, SignerFailure>> {
    const signed = await within(this.#line.signEvent(plainDraft(draft)), this.#patience);
    return signed.ok ? checkSigned(signed.value, draft, this.pubkey) : fromBunker(signed.error);
  }

  /** Hangs up. */
  close(): void {
    this.#line.close();
  }
}

const fromBunker = (
  failure: WaitFailure,
): { readonly ok: false; readonly error: Failure<'refused' | 'unreachable'> } =>
  failure.code === 'rejected'
    ? fail('refused', `The signer said no: ${failure.message}`, failure)
    : fail('unreachable', 'The signer does not answer.', failure);
