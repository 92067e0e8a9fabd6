/** Files dropped over the whole conversation, what is told once, files that leave with every page closed, and who is shut out. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { decode } from 'nostr-tools/nip19';
import sharp from 'sharp';
import { manage } from '../support/admin-api.ts';
import { makePerson } from '../support/client.ts';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';
import { storedFiles } from './stored-files.ts';
import { WorkerDesk } from './worker-desk.ts';

test.describe.configure({ mode: 'serial' });

const operator = makePerson();
const settings = { pow: 'test', env: { ADMIN_PUBKEYS: operator.pubkey } } as const;
const PLACE = 'Platform Nine';
let city: CityProcess;
let ada: Person;
let ben: Person;
let id: string;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start(settings);
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  id = await makePlace(ada, { name: PLACE });
  await say(ada, 'the last train');
  await ada.page.evaluate(() => navigator.serviceWorker.ready);
  ben = await arrive(browser, 'Ben Okafor', `${city.url}/g/${id}`);
  await expect(lineOf(ben.page, 'the last train')).toBeVisible();
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

const photo = (red: number): Promise<Buffer> =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: { r: red, g: 90, b: 120 } } })
    .withExif({ IFD0: { Make: 'Brass & Sons' } })
    .jpeg()
    .toBuffer();

const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a line' });
const tray = (page: Page) => page.getByRole('region', { name: 'Files to send' });
const cleaned = (page: Page) => tray(page).getByText('Place and camera were taken off');

/** What a hand does that drags files from a folder: over a line, further up, and lets go there (or goes away again). */
const drag = async (page: Page, deed: 'drop' | 'dragleave', red: number): Promise<void> => {
  const base64 = (await photo(red)).toString('base64');
  await lineOf(page, 'the last train').evaluate(
    (line, [bytes, last]) => {
      const data = new DataTransfer();
      const letters = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      data.items.add(new File([letters], 'dropped.jpg', { type: 'image/jpeg' }));
      const tell = (type: string): boolean =>
        line.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      tell('dragenter');
      tell('dragover');
      Object.assign(window, { __last: () => tell(last) });
    },
    [base64, deed] as const,
  );
  await expect(page.getByText('Let go to attach')).toBeVisible();
  await page.evaluate(() => void (window as unknown as { __last: () => void }).__last());
  await expect(page.getByText('Let go to attach')).toBeHidden();
};

test('files may be let go anywhere over the talk; a hand that leaves again leaves nothing', async () => {
  const { page } = ada;
  await drag(page, 'dragleave', 10);
  await expect(tray(page)).toBeHidden();
  await drag(page, 'drop', 20);
  await expect(tray(page).getByRole('listitem')).toContainText('dropped.jpg');
  await expect(cleaned(page)).toBeVisible();
  await composer(page).fill('from my folder');
  await composer(page).press('Enter');
  await expect(lineOf(ben.page, 'from my folder').getByRole('button', { name: /^Picture/ })).toBeVisible();
});

test('what is taken off is told once on a device, not with every page', async () => {
  const { page } = ada;
  await page.reload();
  await expect(lineOf(page, 'the last train')).toBeVisible();
  await drag(page, 'drop', 30);
  await expect(tray(page).getByRole('button', { name: 'Describe it for people' })).toBeVisible();
  await expect(cleaned(page)).toHaveCount(0);
  await tray(page).getByRole('button', { name: 'Remove dropped.jpg' }).click();
});

test('queued in the dark, every page closed: the worker sends the file, then its line', async () => {
  const { page, context } = ada;
  const before = (await storedFiles(city)).length;
  await context.setOffline(true);
  await city.pause();
  await drag(page, 'drop', 40);
  await expect(tray(page).getByRole('button', { name: 'Describe it for people' })).toBeVisible();
  await composer(page).fill('seen in the tunnel');
  await composer(page).press('Enter');
  await expect(lineOf(page, 'seen in the tunnel')).toBeVisible();
  await expect(page.getByText(/things? waiting/)).toBeVisible();
  const desk = await WorkerDesk.open(context, city.url);
  await page.close();
  expect(context.pages().filter((one) => one.url().startsWith(city.url))).toEqual([]);
  await city.restart(settings);
  await context.setOffline(false);
  await desk.sync('outbox');
  await expect(lineOf(ben.page, 'seen in the tunnel').getByRole('button', { name: /^Picture/ })).toBeVisible({
    timeout: 60_000,
  });
  expect((await storedFiles(city)).length).toBeGreaterThan(before);
  await desk.close();
  ada = { ...ada, page: await context.newPage() };
  await ada.page.goto(`${city.url}/g/${id}`);
  await expect(lineOf(ada.page, 'seen in the tunnel')).toBeVisible();
  await expect(ada.page.getByText(/things? waiting/)).toHaveCount(0);
});

test('an address inside the house is no second server, and the page says so', async () => {
  const { page } = ada;
  await page.goto(`${city.url}/you/settings`);
  await page.getByLabel('Address of the server').fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Add this server' }).click();
  await expect(page.getByText('not on the public internet')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Keep all of it there' })).toHaveCount(0);
});

test('who was banned meanwhile is told so, and neither line nor file is lost', async () => {
  const { page } = ada;
  await page.goto(`${city.url}/you`);
  await page.getByText('Advanced').first().click();
  const npub = await page
    .getByText(/^npub1/)
    .first()
    .innerText();
  await page.goto(`${city.url}/g/${id}`);
  await expect(lineOf(page, 'the last train')).toBeVisible();
  const banned = await manage(city, operator, 'banpubkey', String(decode(npub.trim()).data), 'too loud');
  expect(banned.status).toBe(200);
  await drag(page, 'drop', 50);
  await expect(tray(page).getByRole('button', { name: 'Describe it for people' })).toBeVisible();
  await composer(page).fill('am I still here');
  await composer(page).press('Enter');
  const line = lineOf(page, 'am I still here');
  await expect(line.getByText(/banned/)).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(line.getByText(/banned/)).toBeVisible();
});

test('nothing was thrown along the way', () => {
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
