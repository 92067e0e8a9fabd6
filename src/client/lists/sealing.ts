/** Sealing to oneself, and opening what was (NIP-44 with one's own key). */
import { isOldSeal } from '#protocol/lists/items.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Signer } from '../keys/signer.ts';

/** `unreadable`: sealed in another way, or for another key; `impossible`: what holds the key cannot seal, or it is too long. */
export type SealFailure = Failure<'unreadable' | 'locked' | 'unreachable' | 'impossible'>;

/** NIP-44 seals no more than this many bytes of UTF-8. */
const SEAL_MAX = 65_535;

/** Opens what the signer's own key sealed; an empty text is nothing sealed. */
export const openSealed = async (content: string, signer: Signer): Promise<Result<string, SealFailure>> => {
  if (content === '') return ok('');
  if (isOldSeal(content)) return unreadable();
  if (!signer.cipher) return fail('impossible', 'What holds your key cannot seal anything (NIP-44).');
  const opened = await signer.cipher.decrypt(signer.pubkey, content);
  if (opened.ok) return opened;
  return opened.error.code === 'locked' || opened.error.code === 'unreachable'
    ? fail(opened.error.code, opened.error.message, opened.error)
    : unreadable(opened.error);
};

/** Seals for the signer's own key; an empty text stays empty. */
export const sealFor = async (text: string, signer: Signer): Promise<Result<string, SealFailure>> => {
  if (text === '') return ok('');
  if (!signer.cipher) return fail('impossible', 'What holds your key cannot seal anything (NIP-44).');
  if (new TextEncoder().encode(text).length > SEAL_MAX)
    return fail('impossible', 'This list is too long to be sealed.');
  const sealed = await signer.cipher.encrypt(signer.pubkey, text);
  if (sealed.ok) return sealed;
  return sealed.error.code === 'locked' || sealed.error.code === 'unreachable'
    ? fail(sealed.error.code, sealed.error.message, sealed.error)
    : fail('impossible', sealed.error.message, sealed.error);
};

const unreadable = (cause?: Failure) =>
  fail('unreadable', 'What stands there cannot be read with your key. Nothing was changed.', cause);
