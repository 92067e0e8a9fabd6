/** Which browser this is, as far as its settings are found elsewhere than in another one. */

export interface BrowserSigns {
  readonly userAgent: string;
  readonly touchPoints: number;
  /** Opened from the home screen. */
  readonly isInstalled: boolean;
}

export type BrowserFamily = 'chrome' | 'firefox' | 'safari' | 'ios' | 'ios-browser' | 'other';

/** `ios-browser`: on an iPhone or iPad but not on its home screen, where there are no notifications. */
export const browserFamily = ({ userAgent, touchPoints, isInstalled }: BrowserSigns): BrowserFamily => {
  // iPads say that they are Macs; Macs have no touch screens.
  const isIos = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  if (isIos) return isInstalled ? 'ios' : 'ios-browser';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrom(?:e|ium)\//.test(userAgent)) return 'chrome';
  return /Safari\//.test(userAgent) ? 'safari' : 'other';
};
