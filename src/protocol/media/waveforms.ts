/** How loud a sound is along its length, in few numbers (NIP-A0's `waveform` field of NIP-92). */

/** Numbers in a waveform that is sent. */
export const WAVEFORM_LENGTH = 64;
const READ_MAX = 256;
/** The loudest. */
const TOP = 100;

/** Loudness measured again and again (0…1) as whole numbers 0–100, the loudest of them 100; empty where nothing was measured. */
export const makeWaveform = (levels: readonly number[], length = WAVEFORM_LENGTH): number[] => {
  const known = levels.filter((level) => Number.isFinite(level) && level >= 0);
  const count = Math.min(length, known.length);
  const loudest = known.reduce((most, level) => Math.max(most, level), 0);
  if (count === 0) return [];
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * known.length) / count);
    const to = Math.floor(((index + 1) * known.length) / count);
    const peak = known.slice(from, to).reduce((most, level) => Math.max(most, level), 0);
    return loudest === 0 ? 0 : Math.round((peak / loudest) * TOP);
  });
};

/** Reads `0 7 35 …`; undefined for anything that isn't such numbers. */
export const parseWaveform = (text: string | undefined): readonly number[] | undefined => {
  if (text === undefined || text.length > READ_MAX * 4 || !/^\d{1,3}(?: \d{1,3})+$/.test(text))
    return undefined;
  const values = text.split(' ').map(Number);
  return values.length <= READ_MAX && values.every((value) => value <= TOP) ? values : undefined;
};
