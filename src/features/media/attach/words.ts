/** What is said of a file in a tray. */
import { m } from '#messages/paraglide/messages.js';
import type { Audience, PrepareFailure } from '../prepare/prepared.ts';
import type { TrayFile } from './tray-file.svelte.ts';

const refusals: Record<PrepareFailure['code'], () => string> = {
  'too-big': m.media_attach_too_big,
  'too-many-pixels': m.media_attach_too_many_pixels,
  type: m.media_attach_type,
  svg: m.media_attach_svg,
  broken: m.media_attach_broken,
  empty: m.media_attach_empty,
  stopped: m.media_attach_broken,
};

/** Why it cannot go, and what can be done. */
export const refusalWords = ({ failure }: Pick<TrayFile, 'failure'>, audience: Audience): string =>
  failure?.code === 'too-big' && audience === 'sealed'
    ? m.media_attach_too_big_sealed()
    : refusals[failure?.code ?? 'broken']();

const number = (value: number, digits: number): string =>
  value.toLocaleString(undefined, { maximumFractionDigits: digits });

/** 820 kB, 3.2 MB, 1.4 GB. */
export const sizeWords = (bytes: number): string => {
  if (bytes < 1_000_000) return m.media_attach_kilobytes({ size: number(Math.max(1, bytes / 1_000), 0) });
  return bytes < 1_000_000_000
    ? m.media_attach_megabytes({ size: number(bytes / 1_000_000, 1) })
    : m.media_attach_gigabytes({ size: number(bytes / 1_000_000_000, 1) });
};

/** 1:05, 1:02:07. */
export const lengthWords = (seconds: number): string => {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

/** Why handing over failed. */
export const handingWords = (code: string): string => {
  if (code === 'storage') return m.media_attach_storage();
  if (code === 'too-big') return m.media_attach_too_big();
  if (code === 'type') return m.media_attach_type();
  if (code === 'no-account') return m.media_attach_no_account();
  return m.media_attach_not_handed();
};
