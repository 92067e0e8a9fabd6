/** Why nothing was recorded, in words. */
import { m } from '#messages/paraglide/messages.js';
import type { RecorderTrouble } from './recorder.svelte.ts';

const words: Record<RecorderTrouble, () => string> = {
  refused: m.chat_voice_refused,
  missing: m.chat_voice_missing,
  broken: m.chat_voice_broken,
};

/** A sentence, and what can be done. */
export const voiceTrouble = (trouble: RecorderTrouble): string => words[trouble]();
