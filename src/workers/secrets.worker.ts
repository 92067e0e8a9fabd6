/** The secrets worker: scrypt takes half a second that no page should wait for. */
import { expose } from 'comlink';
import { blockingSealer } from '#client/keys/vault/seal.ts';

expose(blockingSealer);
