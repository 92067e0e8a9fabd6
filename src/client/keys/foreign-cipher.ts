/** NIP-44 by an extension or a bunker: asked, waited for, and its answer a stranger's word. */
import { fail, ok } from '#shared/result.ts';
import type { Cipher } from '#protocol/direct/wraps.ts';
import { within } from './within.ts';

type Ask = (verb: 'encrypt' | 'decrypt', peer: string, text: string) => Promise<unknown>;

/** A cipher that asks, and waits `ms` milliseconds for each answer. */
export const foreignCipher = (ask: Ask, ms: number): Cipher => {
  const asked = async (verb: 'encrypt' | 'decrypt', peer: string, text: string) => {
    const answer = await within(ask(verb, peer, text), ms);
    if (!answer.ok) return fail('unreachable', 'What holds your key did not do it.', answer.error);
    return typeof answer.value === 'string' && answer.value !== ''
      ? ok(answer.value)
      : fail('changed', 'What holds your key answered with something else.');
  };
  return {
    encrypt: (peer, plain) => asked('encrypt', peer, plain),
    decrypt: (peer, sealed) => asked('decrypt', peer, sealed),
  };
};
