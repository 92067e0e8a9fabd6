/** `npm run demo`: fills an empty city through the import door, telling how far it is; a large old place where one is asked for. */
import { CREATE_GROUP, NOTE } from '#protocol/kinds.ts';
import type { City } from './city.ts';
import { demoEvents } from './demo/demo-events.ts';
import { HARBOUR_DAYS, harbourDay, harbourEnd, harbourEvents, harbourId } from './demo/harbour/harbour.ts';
import type { ImportReport } from './ledger/import.ts';

type Door = Pick<City, 'importEvents' | 'isEmpty' | 'find' | 'count' | 'relayUrl'>;

export interface DemoWish {
  /** The whole demo city. */
  readonly people: boolean;
  /** Lines of the old harbour; 0: none. Without the city it brings people of its own. */
  readonly lines: number;
}

const SEED = 'synchrono';
const SAY_EVERY = 8192;
/** Days told again when the filling is taken up: talk that began late in a day ends in the next. */
const AGAIN = 3;

const tell = ({ refused, reasons }: ImportReport): void => {
  if (refused > 0) console.log(`  ${refused} refused`);
  for (const reason of reasons) console.log(`  refused: ${reason}`);
};

/** Says how far it is, every few thousand events. */
const teller = (say: (taken: number) => string) => {
  let said = 0;
  return ({ taken }: { readonly taken: number }): void => {
    if (taken - said < SAY_EVERY) return;
    said = taken;
    console.log(say(taken));
  };
};

const seedCity = async (city: Door): Promise<void> => {
  console.log('Moving the demo’s people in …');
  const events = demoEvents({ seed: SEED, now: Math.floor(Date.now() / 1000), relay: city.relayUrl });
  const report = await city.importEvents(events, { onProgress: teller((taken) => `  ${taken} events …`) });
  console.log(`The demo city is ready: ${report.taken} events.`);
  tell(report);
};

/** Where the filling of the harbour goes on: its end in time, how many of its lines are stored, the day of the newest. */
const standOf = async (city: Door, place: string) => {
  const [founding] = await city.find({ kinds: [CREATE_GROUP], '#h': [place], limit: 1 });
  if (!founding) return { end: Math.floor(Date.now() / 1000), stored: 0, fromDay: 0 };
  const end = harbourEnd(founding.created_at);
  const told = { kinds: [NOTE], '#h': [place], until: end };
  const [newest] = await city.find({ ...told, limit: 1 });
  const day = newest ? harbourDay(end, newest.created_at) : 0;
  return { end, stored: await city.count(told), fromDay: Math.max(0, day - AGAIN) };
};

const seedHarbour = async (city: Door, { people, lines }: DemoWish): Promise<void> => {
  const place = harbourId(lines);
  const { end, stored, fromDay } = await standOf(city, place);
  if (stored >= lines) return;
  console.log(
    stored > 0
      ? `Filling the old harbour goes on at ${stored} of ${lines} lines …`
      : `Filling the old harbour with ${lines} lines of ${HARBOUR_DAYS} days …`,
  );
  const begun = Date.now();
  const speed = (taken: number): number => Math.round((1000 * taken) / (Date.now() - begun));
  const events = harbourEvents({
    seed: SEED,
    now: end,
    lines,
    fromDay,
    ...(people ? {} : { relay: city.relayUrl }),
  });
  const report = await city.importEvents(events, {
    onProgress: teller((taken) => `  ${taken} events, ${speed(taken)} a second …`),
  });
  console.log(
    `The old harbour is full: ${report.taken} events, ${await city.count({ kinds: [NOTE], '#h': [place] })} lines.`,
  );
  tell(report);
};

/** Seeds a city where nothing was ever stored, and a harbour of so many lines where it is not full. Throws on I/O. */
export const seedDemo = async (city: Door, wish: DemoWish): Promise<void> => {
  if (wish.people && (await city.isEmpty())) await seedCity(city);
  if (wish.lines > 0) await seedHarbour(city, wish);
};
