/** Checks signatures beside the store's worker: the costliest step of all by far. */
import { answerVerifying, verifyHere } from '#client/engine/verify-batch.ts';
import { createVerifier } from '#client/engine/verifying.ts';

answerVerifying(self, verifyHere(createVerifier()));
