/**
 * The built city as a relay, on both of its databases, beside a peer from npm in the same run: how much it takes, answers, passes on
 * and holds. Nobody waits for the disk here (PGlite never does, PostgreSQL has fsync off, the peer is in memory), so none is
 * more durable than another. `npm run bench -- relay:embedded,ingest` runs some parts; `RELAY_LARGE=1` asks among a million too.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { askAll, fanOut, flood, gather, publishAll, waitsOf } from './relay/crowd.ts';
import type { Guest } from './relay/crowd.ts';
import { startEmbedded, startOnPostgres, startPeer } from './relay/grounds.ts';
import type { Ground } from './relay/grounds.ts';
import { PLACES, signedLines } from './relay/lines.ts';
import { atMost, percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

export const needsApp = false;
export const needsServer = true;

const STORED = 100_000;
const ROWS = 14;
const LISTENERS = 1000;
const IDLE = 10_000;
const STALLED = 1000;

/** Where guests come from next: nobody's addresses are used twice, so no pace of before counts. */
let next = 0;
const guestsOf = async (ground: Ground, count: number): Promise<Guest[]> => {
  const first = next;
  next += count;
  return gather(ground.url, count, first);
};
const leave = (guests: readonly Guest[]): void => guests.forEach((guest) => guest.leave());

const against = (
  row: string,
  unit: string,
  ours: number,
  theirs: { value: number; name: string },
  least: number,
): BenchRow => {
  const ratio = ours / theirs.value;
  return {
    row,
    value: ours,
    unit,
    peer: `${theirs.name}: ${theirs.value.toPrecision(3)}`,
    ratio,
    target: `≥ ${least}×`,
    ok: ratio >= least * 0.8,
  };
};

const ingest = async (ground: Ground, people: number, each: number): Promise<number> => {
  const guests = await guestsOf(ground, people);
  const rate = await publishAll(
    guests,
    guests.map((_, n) => signedLines(next + n, each)),
  );
  leave(guests);
  return rate;
};

const questions = async (ground: Ground) => {
  const guests = await guestsOf(ground, 20);
  const answers = await askAll(
    guests,
    (n) => ({ kinds: [1], '#h': [`bench${(n * 37) % PLACES}`], limit: ROWS }),
    ROWS,
  );
  leave(guests);
  return answers;
};

const spread = async (ground: Ground) => {
  const guests = await guestsOf(ground, LISTENERS + 1);
  const [speaker, ...listeners] = guests;
  if (!speaker) throw new Error('nobody speaks');
  const heard = await fanOut(listeners, speaker, signedLines(next, 40, 'heard by many ', 'fan'));
  leave(guests);
  return heard;
};

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const idle = async (ground: Ground): Promise<BenchRow> => {
  const guests = await guestsOf(ground, IDLE);
  await pause(1000);
  const memory = ground.memory();
  leave(guests);
  await pause(1000);
  return atMost(`${IDLE} idle connections (${ground.name})`, memory, 'MiB', 1000);
};

/** They ask for everything to come and then read nothing, while 6 MB are said for each of them. */
const stalled = async (ground: Ground): Promise<BenchRow> => {
  const guests = await guestsOf(ground, STALLED + 1);
  const [speaker, ...sleepers] = guests;
  if (!speaker) throw new Error('nobody speaks');
  await Promise.all(
    sleepers.map((guest) => guest.ask('["REQ","s",{"kinds":[1],"#t":["loud"],"limit":1}]', '["EOSE"')),
  );
  const before = ground.memory();
  for (const { socket } of sleepers) socket.pause();
  await publishAll([speaker], [signedLines(next, 100, 'x'.repeat(60_000), 'loud')]);
  await pause(500);
  const grown = ground.memory() - before;
  leave(guests);
  await pause(500);
  return atMost(`${STALLED} readers that stall at 6 MB (${ground.name})`, grown, 'MiB more', 300);
};

/** What one person waits for an `OK` at rest, and while one address sends all it can over four connections. */
const flooded = async (ground: Ground): Promise<BenchRow> => {
  const [person] = await guestsOf(ground, 1);
  if (!person) throw new Error('nobody is there');
  const before = percentile(await waitsOf(person, signedLines(next, 60)), 0.5);
  await pause(8000); // the person's own pace
  const frames = signedLines(next + 1, 200).map((line) => JSON.stringify(['EVENT', line]));
  const address = next++;
  let over = false;
  const floods = [1, 2, 3, 4].map(() => flood(ground.url, address, frames, () => over));
  await pause(500);
  const during = percentile(await waitsOf(person, signedLines(next, 60, 'in the flood ')), 0.5);
  over = true;
  const sent = (await Promise.all(floods)).reduce((sum, one) => sum + one, 0);
  leave([person]);
  return {
    ...atMost(
      `an OK while one address floods, over one at rest, p50 (${ground.name})`,
      during / before,
      '×',
      2,
    ),
    peer: `${before.toPrecision(3)} and ${during.toPrecision(3)} ms, ${sent} frames`,
  };
};

const compare = async (city: Ground, peer: Ground, wants: (part: string) => boolean): Promise<BenchRow[]> => {
  const rows: BenchRow[] = [
    atMost(`cold start on ${STORED} events (${city.name})`, city.startedIn / 1000, 's', 2),
  ];
  const { name } = peer;
  const on = city.name;
  if (wants('ingest')) {
    const theirs = { name, value: await ingest(peer, 10, 100) };
    const ours = await ingest(city, 50, 100);
    rows.push(against(`ingest, every policy on (${on})`, 'events/s', ours, theirs, 10));
  }
  if (wants('questions')) {
    const theirs = await questions(peer);
    const ours = await questions(city);
    rows.push({
      row: `REQ of ${ROWS} rows among ${STORED}, p50 (${on})`,
      value: ours.p50,
      unit: 'ms',
      peer: `${name}: ${theirs.p50.toPrecision(3)}`,
      ok: true,
    });
    rows.push({
      row: `the same, p95 (${on})`,
      value: ours.p95,
      unit: 'ms',
      peer: `${name}: ${theirs.p95.toPrecision(3)}`,
      ok: true,
    });
    rows.push(
      against(
        `the same, 20 asking at once (${on})`,
        'REQ/s',
        ours.perSecond,
        { name, value: theirs.perSecond },
        0.7,
      ),
    );
  }
  if (wants('fan-out')) {
    const theirs = await spread(peer);
    const ours = await spread(city);
    rows.push(atMost(`one line to ${LISTENERS} listeners, p50 (${on})`, ours.p50, 'ms', 40));
    rows.push(
      against(
        `20 lines to ${LISTENERS} listeners (${on})`,
        'deliveries/s',
        ours.perSecond,
        { name, value: theirs.perSecond },
        1,
      ),
    );
  }
  if (wants('idle')) rows.push(await idle(city));
  if (wants('flood')) rows.push(await flooded(city));
  if (wants('stalled')) rows.push(await stalled(city));
  return rows;
};

const p95Among = async (lines: number): Promise<number | undefined> => {
  const ground = await startOnPostgres(lines);
  if (!ground) return undefined;
  const { p95 } = await questions(ground);
  await ground.close();
  return p95;
};

const large = async (): Promise<BenchRow[]> => {
  const [few, many] = [await p95Among(STORED), await p95Among(10 * STORED)];
  if (few === undefined || many === undefined) return [];
  return [
    {
      ...atMost('REQ p95 among 1,000,000 over among 100,000 (PostgreSQL)', many / few, '×', 2),
      peer: `${few.toPrecision(3)} and ${many.toPrecision(3)} ms`,
    },
  ];
};

const STRFRY = 'strfry';

const sayWhatIsMissing = (): void => {
  const isHere = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, STRFRY)));
  if (isHere) console.warn('strfry is on PATH, but this bench does not know yet how to start it.');
  else console.warn('strfry is not on PATH: nothing is measured against it.');
};

const PARTS = ['ingest', 'questions', 'fan-out', 'idle', 'flood', 'stalled'];
const GROUNDS = new Map([
  ['embedded', startEmbedded],
  ['postgres', startOnPostgres],
]);

export const run = async ({ parts = [] }: BenchContext): Promise<BenchRow[]> => {
  /** True for what was named, and for everything when nothing of its sort was. */
  const among = (all: readonly string[], one: string): boolean =>
    !parts.some((part) => all.includes(part)) || parts.includes(one);
  sayWhatIsMissing();
  const peer = await startPeer(STORED);
  const rows: BenchRow[] = [];
  for (const [name, start] of GROUNDS) {
    if (!among([...GROUNDS.keys()], name)) continue;
    const city = await start(STORED);
    if (!city) console.warn('There is no PostgreSQL on this machine: only PGlite is measured.');
    if (!city) continue;
    rows.push(...(await compare(city, peer, (part) => among(PARTS, part))));
    await city.close();
  }
  await peer.close();
  if (process.env['RELAY_LARGE']) rows.push(...(await large()));
  return rows;
};
