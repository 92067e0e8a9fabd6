/** The desk in its worker. */
import { createVerifier } from '../../engine/verifying.ts';
import { createCurve } from '../../keys/curve.ts';
import { DeviceSigner } from '../../keys/device-signer.ts';
import { deskOf } from './desk.ts';
import type { LetterDesk } from './desk.ts';
import type { DeskRemote } from './thread.ts';

/** Uniform in 0–1. */
const random = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

/** What the page calls: the key first, which is kept until the worker ends. */
export const serveDesk = (): DeskRemote => {
  let desk: LetterDesk | undefined;
  const taken = (): LetterDesk => {
    if (!desk) throw new Error('no key has been taken');
    return desk;
  };
  return {
    async take(secret) {
      const curve = await createCurve();
      const signer = new DeviceSigner(secret, curve);
      secret.fill(0);
      desk = deskOf(signer, { verifier: createVerifier(), random, curve });
    },
    open: (wraps) => taken().open(wraps),
    wrap: (rumor, people, wish) => taken().wrap(rumor, people, wish),
  };
};
