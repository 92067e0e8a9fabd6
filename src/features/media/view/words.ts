/** Words for sizes, times and what went wrong. */
import type { LoadCode } from '#client/media/loading/source.ts';
import { m } from '#messages/paraglide/messages.js';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** "1.2 MB". */
export const sizeWords = (bytes: number): string => {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const unit = UNITS[step] ?? 'byte';
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit,
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
};

/** "3:07", "1:02:09". */
export const timeWords = (seconds: number): string => {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
};

/** What an end of loading means for the person. */
export const troubleWords = (code: LoadCode): string => {
  switch (code) {
    case 'expired':
      return m.media_show_expired();
    case 'missing':
      return m.media_show_missing();
    case 'damaged':
      return m.media_show_damaged();
    case 'slow':
      return m.media_show_slow();
    case 'too-big':
      return m.media_show_too_big();
    case 'refused':
      return m.media_show_refused();
    default:
      return m.media_show_unreachable();
  }
};

/** The same for a file that was to be saved. */
export const notSavedWords = (code: LoadCode): string =>
  code === 'damaged' ? m.media_show_not_saved() : troubleWords(code);

/** False where trying again cannot help. */
export const canTryAgain = (code: LoadCode): boolean => code !== 'expired' && code !== 'too-big';
