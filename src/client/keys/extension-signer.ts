/** A key in a browser extension (NIP-07). */
import { isHex64 } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Cipher } from '#protocol/direct/wraps.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { checkSigned, plainDraft } from './check-signed.ts';
import type { FullDraft } from './check-signed.ts';
import type { Signer, SignerFailure } from './signer.ts';
import { foreignCipher } from './foreign-cipher.ts';
import { within } from './within.ts';
import type { WaitFailure } from './within.ts';

/** The part of `window.nostr` that is used. What it answers is a stranger's word. */
export interface Extension {
  getPublicKey(): Promise<unknown>;
  signEvent(event: ReturnType<typeof plainDraft>): Promise<unknown>;
  /** NIP-44; older ones have none. */
  readonly nip44?: {
    encrypt(peer: string, plain: string): Promise<unknown>;
    decrypt(peer: string, sealed: string): Promise<unknown>;
  };
}

/** Where an extension would be. */
export interface ExtensionPort {
  find(): Extension | undefined;
}

/** `window.nostr`, whenever it is there. */
export const pageExtension: ExtensionPort = {
  find: () => {
    const found = (globalThis as { nostr?: Partial<Extension> }).nostr;
    return typeof found?.getPublicKey === 'function' && typeof found.signEvent === 'function'
      ? (found as Extension)
      : undefined;
  },
};

const LOOK_EVERY_MS = 100;
const ANSWER_MS = 120_000;

/** True once an extension is there; extensions come late, so it looks for up to `ms` milliseconds. */
export const detectExtension = async (port: ExtensionPort = pageExtension, ms = 1500): Promise<boolean> => {
  for (let waited = 0; waited <= ms; waited += LOOK_EVERY_MS) {
    if (port.find()) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return false;
};

/** Asks the extension whose key it holds; `refused` when the person says no, `unreachable` without an answer. */
export const connectExtension = async (
  port: ExtensionPort = pageExtension,
  ms = ANSWER_MS,
): Promise<Result<ExtensionSigner, SignerFailure>> => {
  const extension = port.find();
  if (!extension) return fail('unreachable', 'There is no account extension in this browser.');
  const asked = await within(
    ask(() => extension.getPublicKey()),
    ms,
  );
  if (!asked.ok) return fromExtension(asked.error);
  const pubkey = asked.value;
  return isHex64(pubkey)
    ? ok(new ExtensionSigner(pubkey, port, ms))
    : fail('changed', 'The extension did not name an account.');
};

/** Signs through the extension that is in the page at that moment. */
export class ExtensionSigner implements Signer {
  readonly kind = 'extension';
  readonly pubkey: string;
  readonly #port: ExtensionPort;
  readonly #ms: number;

  constructor(pubkey: string, port: ExtensionPort = pageExtension, ms = ANSWER_MS) {
    this.pubkey = pubkey;
    this.#port = port;
    this.#ms = ms;
  }

  async sign(draft: FullDraft): Promise<Result<NostrEvent, SignerFailure>> {
    const extension = this.#port.find();
    if (!extension) return fail('unreachable', 'The extension that holds your account is not there.');
    const signed = await within(
      ask(() => extension.signEvent(plainDraft(draft))),
      this.#ms,
    );
    return signed.ok ? checkSigned(signed.value, draft, this.pubkey) : fromExtension(signed.error);
  }

  /** Absent where the extension knows no NIP-44. */
  get cipher(): Cipher | undefined {
    const nip44 = this.#port.find()?.nip44;
    return nip44 && foreignCipher((verb, peer, text) => ask(() => nip44[verb](peer, text)), this.#ms);
  }
}

/** Extensions may throw where they should reject. */
const ask = async <T>(question: () => Promise<T>): Promise<T> => question();

const fromExtension = (
  failure: WaitFailure,
): { readonly ok: false; readonly error: Failure<'refused' | 'unreachable'> } =>
  failure.code === 'rejected'
    ? fail('refused', 'The extension said no.', failure)
    : fail('unreachable', 'The extension does not answer.', failure);
