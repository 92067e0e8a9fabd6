/** Previews of links: made by whoever sends, by way of the city; a reader asks nobody but the city. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import type { City } from '#server/city.ts';
import type { AppHandler } from '#server/http/router.ts';
import { startTestCity } from '../support/server.ts';
import { arrive, lineOf, openPlace } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';

test.describe.configure({ mode: 'serial' });

let city: City;
let paper: Server;
let ada: Person;
let ben: Person;
/** Paths that the paper was asked for. */
const read: string[] = [];
/** Every host that the reader's browser asks. */
const asked = new Set<string>();
const at = (path: string): string => `http://127.0.0.1:${(paper.address() as AddressInfo).port}${path}`;

const PAGE = `<html><head><title>Tides of the harbour</title>
  <meta name="description" content="Twice a day the harbour breathes."><meta property="og:image" content="/a.png">`;

test.beforeAll(async ({ browser }) => {
  const picture = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#c84' } })
    .png()
    .toBuffer();
  paper = createServer((request, response) => {
    read.push(request.url ?? '');
    if (request.url === '/a.png') response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
    else response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  });
  await new Promise<void>((resolve) => paper.listen(0, '127.0.0.1', resolve));
  const { handler } = (await import(pathToFileURL('build/handler.js').href)) as { handler: AppHandler };
  const loopbackPorts = new Set([(paper.address() as AddressInfo).port]);
  // The city of this story runs in this process: no setting lets one ask this machine.
  city = await startTestCity({ app: handler, proxy: { loopbackPorts } });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  await makePlace(ada, { name: 'Tide Readers' });
  ben = await arrive(browser, 'Ben Roth', 'about:blank');
  ben.context.on('request', (request) => asked.add(new URL(request.url()).host));
  await ben.page.goto(city.url);
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.close();
  paper?.close();
});

test('a card appears while writing, goes along, and its reader asks nobody but the city', async () => {
  const { page } = ada;
  await page.getByRole('textbox', { name: 'Write a line' }).fill(`Read ${at('/tides')}`);
  const over = page.getByRole('group', { name: 'Preview of the link' });
  await expect(over.getByText('Tides of the harbour')).toBeVisible();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(over).toBeHidden();
  await expect(lineOf(page, 'Tides of the harbour').getByRole('img', { name: 'Sent' })).toBeAttached();
  expect(read).toEqual(['/tides', '/a.png']);

  await openPlace(ben, 'Tide Readers');
  const card = lineOf(ben.page, 'Tides of the harbour').getByRole('link', { name: /Tides of the harbour/ });
  await expect(card).toContainText('127.0.0.1:');
  await expect(card).toContainText('Twice a day the harbour breathes.');
  await expect(card).toHaveAttribute('href', at('/tides'));
  await expect(card).toHaveAttribute('rel', /noopener noreferrer nofollow/);
  await expect(card.locator('img')).toBeVisible();
  expect([...asked].filter((host) => host !== '' && host !== new URL(city.url).host)).toEqual([]);
  expect(read).toEqual(['/tides', '/a.png']);
});

test('a card can be left out, and previews can be turned off', async () => {
  const { page } = ada;
  const field = page.getByRole('textbox', { name: 'Write a line' });
  const over = page.getByRole('group', { name: 'Preview of the link' });
  await field.fill(`Without ${at('/other')}`);
  await over.getByRole('button', { name: 'Send without a preview' }).click();
  await expect(over).toBeHidden();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const line = lineOf(page, 'Without');
  await expect(line.getByRole('img', { name: 'Sent' })).toBeAttached();
  await expect(line.getByText('Tides of the harbour')).toHaveCount(0);
});
