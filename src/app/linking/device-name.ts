/** What a browser calls itself, until the person gives it a name: “Firefox, Linux”. */

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg/, 'Edge'],
  [/OPR|Opera/, 'Opera'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS|Chromium/, 'Chrome'],
  [/Safari/, 'Safari'],
];
const MACHINES: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
];

const firstOf = (known: typeof BROWSERS, agent: string): string | undefined =>
  known.find(([pattern]) => pattern.test(agent))?.[1];

/** By the browser's own words of itself. */
export const nameOfDevice = (agent: string): string =>
  [firstOf(BROWSERS, agent), firstOf(MACHINES, agent)].filter(Boolean).join(', ') || 'Browser';
