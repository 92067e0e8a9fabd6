/** First steps that several stories share: an account, a place, a look at what a screen says. */
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { signUp } from './people.ts';
import type { Person } from './people.ts';

/** From any screen to an account of one's own. */
export const joinCity = async (person: Person): Promise<void> => {
  await person.page.getByRole('link', { name: 'You', exact: true }).click();
  await person.page.getByRole('button', { name: 'Join the conversation' }).click();
  await signUp(person);
};

/** A person's public key in hex, from their own screen. */
export const keyOf = async ({ page }: Person): Promise<string> => {
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByText('Advanced').first().click();
  const npub = await page
    .getByText(/^npub1/)
    .first()
    .innerText();
  const { decode } = await import('nostr-tools/nip19');
  return String(decode(npub.trim()).data);
};

export interface PlaceWish {
  readonly name: string;
  readonly about?: string;
  readonly access?: RegExp;
  /** Pixels of the desk's screen. */
  readonly at?: { readonly x: number; readonly y: number };
}

/** Makes a place by tapping the map (asks for test work, or for patience); returns its id. */
export const makePlace = async (
  { page }: Person,
  { name, about = '', access = /Open to all/, at = { x: 900, y: 400 } }: PlaceWish,
): Promise<string> => {
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  await page.getByRole('link', { name: 'Start a place' }).click();
  await page.locator('[data-map-ready]').click({ position: at });
  await page.getByRole('button', { name: 'Start a place here' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Description').fill(about);
  await page.getByRole('radio', { name: access }).check({ force: true });
  await page.getByRole('button', { name: 'Make this place' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible({ timeout: 30_000 });
  const [, id] = /\/g\/([\w-]+)/.exec(page.url()) ?? [];
  if (id === undefined) throw new Error(`no place's address: ${page.url()}`);
  return id;
};

/** Everything that the open screen tells eyes and readers alike. */
export const wordsOf = async (page: Page): Promise<string> => {
  const body = page.locator('body');
  return `${await body.innerText()}\n${await body.ariaSnapshot()}`;
};
