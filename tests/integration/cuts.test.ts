/**
 * What was queued arrives once and in order, whatever is cut: the wire in the middle of a frame, the city (kill −9), the page, the
 * service worker. The real city in a process of its own, the real outbox and queue over IndexedDB. `CUTS_SEED=…` repeats a run.
 */
import 'fake-indexeddb/auto';
import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '#server/db/database.ts';
import { build } from '../../src/launch/build.mjs';
import { CityProcess } from '../e2e/city-process.ts';
import { Client, makePerson } from '../support/client.ts';
import { CuttingProxy } from '../support/cutting-proxy.ts';
import { Device } from '../support/lives.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { makeProfileKeys } from '../support/profile-keys.ts';

vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 });

const SEED = Number(process.env['CUTS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const DEVICES = 8;
const LINES = 125;
/** Cuts of the wire, of pages and of workers, at least, and ends of the city among them. */
const LEAST_CUTS = 200;
const CITY_ENDS = 3;
/** Lines that one page may write: few enough that there is something under way at most cuts. */
const MOST_AT_ONCE = 12;

/** Chance that can be repeated (mulberry32). */
const chance = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

let city: CityProcess;
beforeAll(async () => {
  if (!existsSync('build/server.js')) await build();
  city = await CityProcess.start({ pow: 'test' });
});
afterAll(() => city?.stop());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One device: writes its lines while pages and workers come and go, then is left alone until nothing waits. */
class Story {
  readonly place: string;
  readonly written: string[] = [];
  ends = 0;
  readonly #author = makePerson();
  readonly #random: () => number;
  readonly #device: Device;
  readonly #proxy: CuttingProxy;

  constructor(place: string, device: Device, proxy: CuttingProxy, random: () => number) {
    this.place = place;
    this.#device = device;
    this.#proxy = proxy;
    this.#random = random;
    proxy.budget = () => 300 + Math.floor(random() ** 2 * 60_000);
  }

  get cuts(): number {
    return this.ends + this.#proxy.cuts;
  }

  get clashes(): number {
    return this.#device.senders.clashes;
  }

  async live(isEnough: () => boolean): Promise<void> {
    while (!isEnough() || this.written.length < LINES) await this.#oneLife();
    this.#proxy.budget = () => Infinity;
    await this.#calm();
  }

  async #oneLife(): Promise<void> {
    const kind = this.#random();
    const lives: { kill(): void }[] = [];
    if (kind < 0.7) {
      const page = await this.#device.page();
      lives.push(page);
      for (
        let many = Math.floor(this.#random() * MOST_AT_ONCE);
        many > 0 && this.written.length < LINES;
        many--
      ) {
        const text = `${this.place} ${this.written.length}`;
        await page.write(this.#author.sign({ ...makeLine(this.place, text), created_at: this.#time() }));
        this.written.push(text);
      }
    }
    if (kind > 0.5) lives.push(this.#device.worker());
    await pause(50 + this.#random() * 900);
    for (const life of lives) life.kill();
    this.ends += lives.length;
  }

  /** The last page: stays until everything is answered. */
  async #calm(): Promise<void> {
    const page = await this.#device.page();
    await vi.waitFor(async () => expect(await page.store.queue.entries()).toEqual([]), 120_000);
    page.kill();
  }

  #time(): number {
    return Math.floor(Date.now() / 1000) - LINES + this.written.length;
  }
}

const linesInOrder = async (folder: string): Promise<Map<string, string[]>> => {
  const opened = await openDatabase({ dataDir: folder });
  if (!opened.ok) throw new Error(opened.error.message);
  const { rows } = await sql<{ group_id: string; content: string }>`
    select group_id, content from events where kind = 1 order by id`.execute(opened.value.db);
  await opened.value.close();
  const places = new Map<string, string[]>();
  for (const { group_id: place, content } of rows) places.set(place, [...(places.get(place) ?? []), content]);
  return places;
};

test(`1,000 queued lines over ${LEAST_CUTS} cuts: none lost, none twice, in order, one sender at a time (CUTS_SEED=${SEED})`, async () => {
  const random = chance(SEED);
  const founder = makePerson();
  const client = await Client.connect(city.relay);
  const stories: Story[] = [];
  const proxies: CuttingProxy[] = [];
  for (let at = 0; at < DEVICES; at++) {
    const place = `sea${at}`;
    expect(await client.publish(founder.sign(makePlace(place)))).toEqual([true, '']);
    const proxy = await CuttingProxy.open(city.port);
    proxies.push(proxy);
    const device = new Device(await makeProfileKeys(), `ws://127.0.0.1:${proxy.port}`);
    stories.push(new Story(place, device, proxy, chance(SEED + at + 1)));
  }
  client.close();
  const cuts = (): number => stories.reduce((sum, story) => sum + story.cuts, 0);
  let cityEnds = 0;
  const isEnough = (): boolean => cuts() >= LEAST_CUTS && cityEnds >= CITY_ENDS;
  const endings = (async () => {
    while (cityEnds < CITY_ENDS) {
      await pause(1000 + random() * 4000);
      await city.kill();
      await pause(random() * 1000);
      await city.restart({ pow: 'test' });
      cityEnds += 1;
    }
  })();
  await Promise.all([...stories.map((story) => story.live(isEnough)), endings]);
  for (const proxy of proxies) await proxy.close();
  process.stdout.write(`CUTS_SEED=${SEED}: ${cuts()} of wires, pages and workers, ${cityEnds} of the city\n`);

  await city.pause();
  const arrived = await linesInOrder(city.folder);
  for (const story of stories) {
    expect(arrived.get(story.place)).toEqual(story.written);
    expect(story.clashes).toBe(0);
  }
  expect(stories.reduce((sum, { written }) => sum + written.length, 0)).toBe(DEVICES * LINES);
});
