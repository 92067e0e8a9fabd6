/** How much leaves when files are sealed, in people's words. */
import { sealedSize, WHOLE_MAX } from '#protocol/media/sealing.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Bytes of so many files once each is sealed, rounded to what people read. */
export const sealedBytes = (sizes: readonly number[], locale?: string): string => {
  const total = sizes.reduce(
    (sum, size) => sum + sealedSize(size, size <= WHOLE_MAX ? 'aes-gcm' : 'aes-gcm-stream'),
    0,
  );
  const step = total === 0 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(total) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(total / 1000 ** step);
};
