import { expect, test } from 'vitest';
import { browserFamily } from './browser.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';
const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0';
const CHROME_ON_IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1';

test.each([
  [CHROME, 0, false, 'chrome'],
  [`${CHROME} Edg/156.0`, 0, true, 'chrome'],
  [FIREFOX, 0, false, 'firefox'],
  [MAC, 0, false, 'safari'],
  [IPHONE, 5, false, 'ios-browser'],
  [IPHONE, 5, true, 'ios'],
  [CHROME_ON_IPHONE, 5, false, 'ios-browser'],
  [MAC, 5, false, 'ios-browser'],
  [MAC, 5, true, 'ios'],
  ['something', 0, false, 'other'],
] as const)('%s with %s fingers, installed: %s', (userAgent, touchPoints, isInstalled, family) => {
  expect(browserFamily({ userAgent, touchPoints, isInstalled })).toBe(family);
});
