/** `npm run demo`: fills an empty city through the import door, telling how far it is. */
import type { City } from './city.ts';
import { demoEvents } from './demo/demo-events.ts';

const SEED = 'synchrono';
const LINE_EVERY = 8192;

/** Seeds a city where nothing was ever stored; leaves any other as it is. Throws on I/O. */
export const seedDemo = async (city: Pick<City, 'importEvents' | 'isEmpty' | 'relayUrl'>): Promise<void> => {
  if (!(await city.isEmpty())) return;
  console.log('Moving the demo’s people in …');
  let said = 0;
  const events = demoEvents({ seed: SEED, now: Math.floor(Date.now() / 1000), relay: city.relayUrl });
  const report = await city.importEvents(events, {
    onProgress: ({ taken }) => {
      if (taken - said < LINE_EVERY) return;
      said = taken;
      console.log(`  ${taken} events …`);
    },
  });
  console.log(
    `The demo city is ready: ${report.taken} events${report.refused ? `, ${report.refused} refused` : ''}.`,
  );
  for (const reason of report.reasons) console.log(`  refused: ${reason}`);
};
