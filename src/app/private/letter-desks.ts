/** One desk for letters a signer: its thread begins with the first letter, and ends when the key is locked. */
import { deskOf } from '#client/direct/desk/desk.ts';
import type { LetterDesk } from '#client/direct/desk/desk.ts';
import { threadDesk } from '#client/direct/desk/thread.ts';
import type { Signer } from '#client/keys/signer.ts';

/** What makes the desks of this page; `spawn` starts the worker of letters. */
export const letterDesks = (spawn: () => Worker): ((signer: Signer) => LetterDesk) => {
  const desks = new WeakMap<Signer, LetterDesk>();
  const here = (signer: Signer): LetterDesk => {
    const verifier = import('#client/engine/verifying.ts').then(({ createVerifier }) => createVerifier());
    return deskOf(signer, { verifier, random: Math.random });
  };
  return (signer) => {
    const desk = desks.get(signer) ?? (signer.lend ? threadDesk(signer, { spawn, here }) : here(signer));
    desks.set(signer, desk);
    return desk;
  };
};
