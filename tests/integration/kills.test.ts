/**
 * Processes of a city that end at random moments under load, killed (−9) or asked to stop: what was acknowledged is stored,
 * nothing private is shown. Prints its seed; `KILLS_SEED=…` repeats the choices, `KILLS_SECONDS=60` makes it long.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeInvite, makeJoinRequest, makeRemoveUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { build } from '../../src/launch/build.mjs';
import { CityProcess } from '../e2e/city-process.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

const SECONDS = Number(process.env['KILLS_SECONDS'] ?? 6);
const SEED = Number(process.env['KILLS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Ends that there must be, however slow the machine is. */
const LEAST_ENDS = 2;
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Mulberry32: numbers from 0 to 1 that the seed decides. */
const randomOf = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
const random = randomOf(SEED);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

/** Somebody who is always connected to some process, whichever ends. */
class Visitor {
  readonly person: Person;
  readonly #processes: readonly CityProcess[];
  readonly #onConnect: (client: Client) => void;
  #client: Client | undefined;
  #ended = false;

  constructor(
    person: Person,
    processes: readonly CityProcess[],
    onConnect: (client: Client) => void = () => undefined,
  ) {
    this.person = person;
    this.#processes = processes;
    this.#onConnect = onConnect;
  }

  /** A connection with the key proven; a new one, to any process, when the last was cut. */
  async client(): Promise<Client> {
    while (!this.#ended) {
      if (this.#client?.socket.readyState === 1) return this.#client;
      try {
        const client = await Client.connect(pick(this.#processes).relay);
        await client.prove(this.person);
        this.#onConnect(client);
        this.#client = client;
      } catch {
        await pause(50);
      }
    }
    throw new Error('the visit is over');
  }

  /** Sends an event until it is acknowledged, to whoever is there. */
  async say(event: NostrEvent): Promise<void> {
    for (;;) {
      const client = await this.client();
      const answer = await Promise.race([client.publish(event), client.closed().then(() => undefined)]).catch(
        () => undefined,
      );
      if (answer?.[0]) return;
      if (answer && !/^(error|rate-limited):/.test(answer[1])) throw new Error(answer[1]);
      await pause(answer ? 100 : 10);
    }
  }

  end(): void {
    this.#ended = true;
    this.#client?.close();
  }
}

const [anna, ben] = [makePerson(), makePerson()];
const OPEN = 'open';
const INNER = 'inner';

/** Lines of the inner place that came to somebody who has no business there. */
const watchFor =
  (leaks: NostrEvent[], isLeak: (event: NostrEvent) => boolean) =>
  (client: Client): void => {
    client.socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as unknown[];
      const event = message[0] === 'EVENT' ? (message[2] as NostrEvent) : undefined;
      if (
        event?.kind === kinds.NOTE &&
        event.tags.some(([name, value]) => name === 'h' && value === INNER) &&
        isLeak(event)
      )
        leaks.push(event);
    });
    const questions = [
      { kinds: [kinds.NOTE], '#h': [INNER] },
      { authors: [anna.pubkey], kinds: [kinds.NOTE] },
      { kinds: [kinds.NOTE] },
    ];
    questions.forEach((question, index) => client.raw(JSON.stringify(['REQ', `watch${index}`, question])));
  };

/** One writer: line after line, most in the open place. Its acknowledged lines. */
const talk = async (visitor: Visitor, place: string, isOver: () => boolean): Promise<string[]> => {
  const acknowledged: string[] = [];
  for (let i = 0; !isOver(); i++) {
    const line = visitor.person.sign(makeLine(place, `${i} ${randomBytes(20).toString('hex')}`));
    await visitor.say(line);
    acknowledged.push(line.id);
    await pause(random() * 60);
  }
  return acknowledged;
};

/** Ends a process every now and then, for some time and some ends at least. */
class Ender {
  ended = 0;
  over = false;
  readonly #processes: readonly CityProcess[];
  readonly #env: Record<string, string>;

  constructor(processes: readonly CityProcess[], env: Record<string, string>) {
    this.#processes = processes;
    this.#env = env;
  }

  async run(): Promise<void> {
    const until = Date.now() + SECONDS * 1000;
    while (Date.now() < until || this.ended < LEAST_ENDS) {
      await pause(200 + random() * 1200);
      const process = pick(this.#processes);
      if (random() < 0.6) await process.kill();
      else await process.pause();
      await pause(random() * 300);
      await process.restart({ pow: 'test', env: this.#env });
      this.ended += 1;
    }
    this.over = true;
  }
}

const tell = async (processes: readonly CityProcess[], env: Record<string, string>): Promise<void> => {
  const host = new Visitor(anna, processes);
  await host.say(anna.sign(makePlace(OPEN)));
  await host.say(anna.sign(makePlace(INNER, { private: true, closed: true })));
  await host.say(anna.sign(makeInvite(INNER, 'key')));
  const guest = new Visitor(ben, processes);
  await guest.say(ben.sign(makeJoinRequest(INNER, 'key')));
  const ender = new Ender(processes, env);
  const isOver = (): boolean => ender.over;
  const leaks: NostrEvent[] = [];
  const afterBen = new Set<string>();
  const outsiders = [1, 2, 3].map(
    () =>
      new Visitor(
        makePerson(),
        processes,
        watchFor(leaks, () => true),
      ),
  );
  const removed = new Visitor(
    ben,
    processes,
    watchFor(leaks, ({ id }) => afterBen.has(id)),
  );
  const keepLooking = async (visitor: Visitor): Promise<void> => {
    for (; !isOver(); await pause(100)) await visitor.client();
  };
  const inner = async (): Promise<string[]> => {
    const before = await talk(host, INNER, () => ender.ended > 0);
    await host.say(anna.sign(makeRemoveUser(INNER, ben.pubkey)));
    const after: string[] = [];
    for (let i = 0; !isOver(); i++) {
      const line = anna.sign(makeLine(INNER, `without him ${i}`));
      afterBen.add(line.id);
      await host.say(line);
      after.push(line.id);
      await pause(random() * 60);
    }
    return [...before, ...after];
  };
  const writers = Array.from({ length: 6 }, () => new Visitor(makePerson(), processes));
  const [, innerLines, ...openLines] = await Promise.all([
    ender.run(),
    inner(),
    ...writers.map((writer) => talk(writer, OPEN, isOver)),
    ...[...outsiders, removed].map(async (visitor) => {
      await keepLooking(visitor);
      return [];
    }),
  ]);
  const acknowledged = [...innerLines, ...openLines.flat()];
  const reader = await host.client();
  const stored = new Set<string>();
  for (let from = 0; from < acknowledged.length; from += 400)
    for (const { id } of await reader.find({ ids: acknowledged.slice(from, from + 400) })) stored.add(id);
  console.warn(
    `seed ${SEED}: ${processes.length} processes, ${ender.ended} ends, ${acknowledged.length} acknowledged, ${stored.size} stored, ${leaks.length} leaked`,
  );
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect(leaks).toEqual([]);
  expect(innerLines.length).toBeGreaterThan(0);
  for (const visitor of [host, guest, removed, ...outsiders, ...writers]) visitor.end();
};

let postgres: TestPostgres | undefined;
beforeAll(async () => {
  if (!existsSync('build/server.js')) await build();
  postgres = await startTestPostgres();
}, 300_000);
afterAll(async () => {
  await postgres?.close();
});

const LONG = { timeout: 120_000 + SECONDS * 4000 };

test('four processes on one PostgreSQL', LONG, async (story) => {
  if (!postgres) {
    console.warn('SKIPPED: no PostgreSQL here; processes that end were tried on the embedded database only.');
    return story.skip('no PostgreSQL on this machine');
  }
  const secret = (): string => randomBytes(32).toString('hex');
  const env = { DATABASE_URL: postgres.url, CITY_SECRET_KEY: secret(), PUSH_SECRET_KEY: secret() };
  const processes: CityProcess[] = [];
  try {
    for (let i = 0; i < 4; i++) processes.push(await CityProcess.start({ pow: 'test', env }));
    await tell(processes, env);
  } finally {
    for (const process of processes) await process.stop();
  }
});

test('one process on the embedded database', LONG, async () => {
  const process = await CityProcess.start({ pow: 'test' });
  try {
    await tell([process], {});
  } finally {
    await process.stop();
  }
});
