/** Looking after a city: its operator reads the numbers, decides about a report, bans and forgives; a stranger gets nothing. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import * as kinds from '#protocol/kinds.ts';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { CityProcess } from './city-process.ts';
import { FakeExtension } from './nip07.ts';
import { arrive, PHONE } from './people.ts';
import type { Person } from './people.ts';
import { joinCity } from './settling.ts';

test.describe.configure({ mode: 'serial' });

const extension = new FakeExtension();
const [anna, ben, mallory] = [makePerson(), makePerson(), makePerson()];
const DAY = 86_400;
let city: CityProcess;
let client: Client;
let olga: Person;

const publish = async (event: Parameters<Client['publish']>[0]): Promise<void> => {
  expect(await client.publish(event)).toEqual([true, '']);
};
/** A place, a month of talk, and two people who find one line too much. */
const live = async (): Promise<void> => {
  await publish(mallory.sign({ kind: kinds.PROFILE, content: '{"name":"Mallory Vane"}', tags: [] }));
  await publish(anna.sign(makePlace('square')));
  const now = Math.floor(Date.now() / 1000);
  for (let day = 0; day < 28; day++)
    await publish(
      [anna, ben][day % 2]!.sign({
        kind: day % 5 === 0 ? kinds.REACTION : kinds.NOTE,
        content: `day ${day}`,
        tags: [],
        created_at: now - day * DAY,
      }),
    );
  const line = mallory.sign(makeLine('square', 'Cheap gold, only today'));
  await publish(line);
  const tags = [
    ['e', line.id, 'spam'],
    ['p', mallory.pubkey],
  ];
  await publish(anna.sign({ kind: kinds.REPORT, content: 'Again and again', tags }));
  await publish(ben.sign({ kind: kinds.REPORT, content: '', tags }));
};

const signIn = async ({ page }: Person): Promise<void> => {
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByRole('button', { name: 'Join the conversation' }).click();
  await page.getByRole('button', { name: 'Continue with the extension' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
};
const openTab = (page: Page, name: RegExp) => page.getByRole('tab', { name }).click();

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test', env: { ADMIN_PUBKEYS: extension.pubkey } });
  client = await Client.connect(city.relay);
  await live();
  olga = await arrive(browser, 'Olga', 'about:blank');
  await extension.install(olga.context);
  await olga.page.goto(city.url);
  await signIn(olga);
});
test.afterAll(async () => {
  client.close();
  await olga.context.close();
  await city.stop();
});

test('the way to the page is shown to the operator, and the numbers are there', async () => {
  const { page } = olga;
  await page.getByRole('link', { name: 'The city', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Look after the city' })).toBeVisible();
  await expect(page.locator('dt', { hasText: 'Places' }).locator('+ dd')).toHaveText('1');
  const plot = page.getByRole('slider', { name: /over the last 30 days/ });
  await expect(plot).toHaveAttribute('aria-valuetext', /in all$/);
  await plot.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(plot).toHaveAttribute('aria-valuetext', /: 1 in all$/);
  await page.getByText('The same as a table').click();
  await expect(page.getByRole('columnheader', { name: 'Messages' })).toBeVisible();
  await page.getByText('90 days').click();
  await expect(page.getByRole('slider', { name: /over the last 90 days/ })).toBeVisible();
});

test('a report is decided, and the decision undone', async () => {
  const { page } = olga;
  await openTab(page, /Reports/);
  const report = page.getByRole('article').filter({ hasText: 'Cheap gold, only today' });
  await expect(report).toContainText('2 people · spam');
  await expect(report).toContainText('Somebody wrote: Again and again');
  await report.getByRole('button', { name: 'Take it away' }).click();
  await expect(page.getByText('Nobody has reported anything.')).toBeVisible();
  expect(await client.find({ authors: [mallory.pubkey], kinds: [kinds.NOTE] })).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(report).toBeVisible();
  expect(await client.find({ authors: [mallory.pubkey], kinds: [kinds.NOTE] })).toHaveLength(1);
  await report.getByRole('button', { name: 'Ban the author' }).click();
  const ask = page.getByRole('dialog', { name: 'Ban Mallory Vane?' });
  await ask.getByRole('switch').click();
  await ask.getByRole('button', { name: 'Ban', exact: true }).click();
  await expect(page.getByText('Nobody has reported anything.')).toBeVisible();
  expect(await client.publish(mallory.sign(makeLine('square', 'Cheaper!')))).toEqual([
    false,
    expect.stringMatching(/^blocked: /),
  ]);
});

test('a ban is lifted; the list asks before it shuts everybody out', async () => {
  const { page } = olga;
  await openTab(page, /People/);
  await expect(page.getByText('Mallory Vane', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Lift the ban' }).click();
  await expect(page.getByText('Nobody is banned.')).toBeVisible();
  await publish(mallory.sign(makeLine('square', 'I am sorry')));
  expect(await client.find({ authors: [mallory.pubkey], kinds: [kinds.NOTE] })).toHaveLength(2);
  await page.getByRole('switch', { name: 'Only people on the list' }).click();
  const ask = page.getByRole('dialog', { name: 'Let only people on the list write?' });
  await expect(ask).toContainText('There are 0 on the list');
  await ask.getByRole('button', { name: 'Cancel' }).click();
  await publish(anna.sign(makeLine('square', 'Still open to all')));
  expect(olga.faults).toEqual([]);
});

test('a stranger is shown no way there, and finds nothing', async ({ browser }) => {
  const eve = await arrive(browser, 'Eve', city.url, PHONE);
  const { page } = eve;
  await joinCity(eve);
  await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'The city', exact: true })).toHaveCount(0);
  await page.goto(`${city.url}/you/city`);
  await expect(page.getByText('This page is for those who look after the city.')).toBeVisible();
  await expect(page.getByRole('tab')).toHaveCount(0);
  await eve.context.close();
});
