/** What people do in the app, in the app's own words. */
import { expect } from '@playwright/test';
import type { Browser, BrowserContext, Page } from '@playwright/test';

export interface Person {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Faults that the page threw or logged; a story ends with none. */
  readonly faults: string[];
}

const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Somebody with a browser of their own opens an address. */
export const arrive = async (
  browser: Browser,
  name: string,
  url: string,
  viewport = DESK,
): Promise<Person> => {
  const context = await browser.newContext({ viewport, locale: 'en-GB' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // A network that goes away is a fact of these stories; a broken rule of ours is a fault.
    if (message.type() === 'error' && !/Failed to load resource|WebSocket|net::ERR/.test(message.text()))
      faults.push(message.text());
  });
  await page.goto(url);
  return { name, context, page, faults };
};

/** Fills in the way in, which is open already; ends with the recovery file put off. */
export const signUp = async ({ name, page }: Person, passphrase = 'seven brass lanterns'): Promise<void> => {
  const dialog = page.getByRole('dialog', { name: 'Join the conversation' });
  await dialog.getByLabel('Your name').fill(name);
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await dialog.getByRole('button', { name: 'Join', exact: true }).click();
  const offer = page.getByRole('dialog', { name: 'Save your recovery file' });
  await offer.getByRole('button', { name: 'Later' }).click();
  await expect(offer).toBeHidden();
};

/** Opens a place through the search. */
export const openPlace = async ({ page }: Person, place: string): Promise<void> => {
  const search = page.getByRole('combobox', { name: 'Find a place or city' });
  await search.fill(place);
  await page.getByRole('option', { name: place }).first().click();
  await expect(page.getByRole('heading', { name: place })).toBeVisible();
};

/** Writes a line and sees it at once; `shown` is what stands there where that differs. */
export const say = async ({ page }: Person, text: string, shown = text): Promise<void> => {
  const composer = page.getByRole('textbox', { name: 'Write a line' });
  await composer.fill(text);
  await composer.press('Enter');
  await expect(lineOf(page, shown).last()).toBeVisible();
};

/** The line with this text. */
export const lineOf = (page: Page, text: string) => page.locator('article[data-line]', { hasText: text });

/** Opens what can be done with a line, by keyboard as a reader's user would. */
export const actOn = async ({ page }: Person, text: string, action: string): Promise<void> => {
  const line = lineOf(page, text).first();
  await line.hover();
  await line.getByRole('button', { name: 'More for this line' }).click();
  await page.getByRole('menuitem', { name: action }).click();
};

/** Milliseconds that the real 28 bits may take: the mean is about a minute on a busy machine, and luck has no limit. */
export const REAL_WORK = 900_000;

/** Makes a place in the middle of the map and waits until it is open; `access` is one of the form's four choices. */
export const makePlace = async (
  { page }: Person,
  name: string,
  access: RegExp,
  about = 'Cold water, warm tea. Every morning at seven.',
  patience = 30_000,
): Promise<void> => {
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  await page.getByRole('link', { name: 'Start a place' }).click();
  const map = page.locator('[data-map-ready]');
  await expect(map).toBeAttached();
  await map.click({ position: { x: 900, y: 400 } });
  await page.getByRole('button', { name: 'Start a place here' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Description').fill(about);
  await page.getByRole('radio', { name: access }).check({ force: true });
  await page.getByRole('button', { name: 'Make this place' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible({ timeout: patience });
};
