/** Being told while the city is closed: from somebody's words, over a push service that checks the encryption, to a notification. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { startPushService } from '../support/push-service.ts';
import type { PushService } from '../support/push-service.ts';
import { CityProcess } from './city-process.ts';
import { LocalPush } from './local-push.ts';
import { arrive, lineOf, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';

test.describe.configure({ mode: 'serial' });

const PLACE = 'Lighthouse Keepers';
const PASSPHRASE = 'seven brass lanterns';
const TOLD = new RegExp(`^${PLACE} \\| (\\d new lines\\. )?Ben Okafor: The oil is in the shed$`);
let service: PushService;
let city: CityProcess;
let ada: Person;
let ben: Person;
let push: LocalPush;
let id: string;

const plain = (text: string): string => text.replace(/[\u2068\u2069]/gu, '');
const texts = async (): Promise<string[]> =>
  (await push.shown()).map(({ title, body }) => plain(`${title} | ${body}`));
const states = (page: Page) =>
  page
    .locator('[data-step]')
    .evaluateAll((steps) =>
      steps.map(
        (step) =>
          `${step.getAttribute('data-step')} ${step.querySelector('[data-state]')?.getAttribute('data-state')}`,
      ),
    );

/** Ada opens the city again, somewhere. */
const comeBack = async (path: string): Promise<Page> => {
  const page = await ada.context.newPage();
  page.on('pageerror', (error) => ada.faults.push(String(error)));
  await page.goto(`${city.url}${path}`);
  return page;
};
const leave = async (): Promise<void> => {
  for (const page of ada.context.pages()) if (page.url().startsWith(city.url)) await page.close();
};
/** Ben answers Ada's line, which names her. */
const answer = async (text: string): Promise<void> => {
  const line = lineOf(ben.page, 'Who has the oil?').first();
  await line.hover();
  await line.getByRole('button', { name: 'Reply' }).click();
  await say(ben, text);
};

test.beforeAll(async ({ browser }) => {
  service = await startPushService();
  city = await CityProcess.start({ pow: 'test', env: { PUSH_LOCAL: '1' } });
  ada = await arrive(browser, 'Ada Lind', 'about:blank');
  push = await LocalPush.prepare(ada.context, service, city.url);
  await ada.page.goto(city.url);
  await joinCity(ada);
  id = await makePlace(ada, { name: PLACE, about: 'Somebody is always awake.' });
  await say(ada, 'Who has the oil?');
  ben = await arrive(browser, 'Ben Okafor', city.url);
  await joinCity(ben);
  await ben.page.goto(`${city.url}/g/${id}`);
  await expect(lineOf(ben.page, 'Who has the oil?')).toBeVisible();
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
  await service?.close();
});

test('nobody is asked before they press; then every step works, up to a test that arrives', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByRole('link', { name: 'Notifications' }).click();
  await expect(page.getByText('only that something for this device arrived')).toBeVisible();
  expect(push.devices).toHaveLength(0);
  await page.getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(page.getByRole('switch', { name: 'Tell me on this device' })).toBeChecked();
  await expect
    .poll(() => states(page))
    .toEqual([
      'permission good',
      'subscription good',
      'city good',
      'service unknown',
      'wake unknown',
      'sync good',
    ]);
  await page.getByRole('button', { name: 'Send a test' }).click();
  await push.deliver();
  await expect(page.getByText('The test has arrived.')).toBeVisible();
  await expect
    .poll(() => states(page))
    .toEqual(['permission', 'subscription', 'city', 'service', 'wake', 'sync'].map((step) => `${step} good`));
  expect(push.device.flaws).toEqual([]);
});

test('with the city open before her nothing is shown', async () => {
  await answer('I see you');
  await push.deliver();
  await expect(ada.page.getByText(/the city was open before you/).first()).toBeVisible();
  expect((await texts()).join()).not.toMatch(/Ben|I see you/);
});

test('while she is away an answer comes with its place, its author and its words', async () => {
  await leave();
  await answer('The oil is in the shed');
  await push.deliver();
  // Her unread line from before may be counted with it.
  await expect.poll(texts).toContainEqual(expect.stringMatching(TOLD));
  expect(push.device.received.at(-1)?.text).toMatch(/^\{"v":1,"tag":"[0-9a-f]{32}"\}$/);
});

test('what names nobody does not wake her; that is what she has chosen', async () => {
  await say(ben, 'Talking to myself');
  await ben.page.waitForTimeout(6000);
  expect(push.waiting).toBe(0);
});

test('pressing it leads to the place, and what was read is taken down', async () => {
  const page = await comeBack('/');
  await expect(page.getByRole('heading', { name: 'Around here' })).toBeVisible();
  await push.press(id);
  await page.waitForURL(`${city.url}/g/${id}`);
  await expect(lineOf(page, 'The oil is in the shed')).toBeVisible();
  await expect.poll(async () => (await push.shown()).map(({ tag }) => tag)).not.toContain(id);
});

test('of a stranger’s push no word is shown', async () => {
  await leave();
  // A window that has just been closed may count as open for a moment: then nothing has to be shown.
  await expect(async () => {
    await push.hand('{"v":1,"tag":"Send your passphrase to evil.test"}');
    await expect
      .poll(texts, { timeout: 3000 })
      .toContain('Synchrono City | Open the city to see what is new');
  }).toPass();
  expect((await texts()).join()).not.toContain('evil');
});

test('a muted place does not even wake the device', async () => {
  const page = await comeBack(`/g/${id}`);
  await page.getByRole('tab', { name: 'About' }).click();
  const told = page.waitForResponse((response) => response.request().method() === 'PUT');
  await page.getByLabel('Mute', { exact: true }).selectOption({ label: 'For 1 hour' });
  expect((await told).status()).toBe(204);
  await expect(page.getByText(/^Muted until/)).toBeVisible();
  await leave();
  await answer('Can you hear me?');
  await ben.page.waitForTimeout(6000);
  expect(push.waiting).toBe(0);
  const again = await comeBack(`/g/${id}`);
  await again.getByRole('tab', { name: 'About' }).click();
  const retold = again.waitForResponse((response) => response.request().method() === 'PUT');
  await again.getByRole('button', { name: 'Unmute' }).click();
  expect((await retold).status()).toBe(204);
  await again.close();
});

test('a locked profile tells no names', async () => {
  const page = await comeBack('/you/security');
  await page.getByRole('button', { name: 'Lock now' }).click();
  await expect(page.getByRole('dialog', { name: 'Ada Lind' })).toBeVisible();
  await leave();
  await answer('A secret of ours');
  await push.deliver();
  await expect.poll(texts).toContain('Synchrono City | Something new in the city');
  expect((await texts()).join()).not.toMatch(/Ben|secret|Lighthouse/);
});

test('turned off, the city knows this device no more', async () => {
  const page = await comeBack('/you/notifications');
  await page.getByRole('dialog').getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('dialog').getByRole('button', { name: 'Unlock', exact: true }).click();
  const told = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await page.getByRole('switch', { name: 'Tell me on this device' }).uncheck({ force: true });
  expect((await told).status()).toBe(204);
  await expect(page.getByRole('button', { name: 'Turn on notifications' })).toBeVisible();
  const before = service.requests.length;
  await leave();
  await answer('Nobody hears this');
  await ben.page.waitForTimeout(6000);
  expect(service.requests.length).toBe(before);
  expect(ada.faults).toEqual([]);
  expect(ben.faults).toEqual([]);
});
