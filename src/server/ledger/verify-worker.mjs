/**
 * Checks signatures in a thread of its own: `{number, events: [{id, pubkey, sig}]}` in, `{number, sound: boolean[]}` out.
 * Plain JavaScript, so that the tests, the dev server and the build run the same file.
 */
import { parentPort } from 'node:worker_threads';
import { verifySchnorr } from 'tiny-secp256k1';

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));

const isSound = ({ id, pubkey, sig }) => {
  try {
    return verifySchnorr(bytes(id), bytes(pubkey), bytes(sig));
  } catch {
    return false; // a key that is no point of the curve
  }
};

parentPort.on('message', ({ number, events }) => {
  parentPort.postMessage({ number, sound: events.map(isSound) });
});
