/** The process: settings in, one line with the address and one with where the data lives out, signals to stop. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startCity } from './city.ts';
import type { City } from './city.ts';
import { parseConfig } from './config.ts';
import { seedDemo } from './demo-door.ts';
import type { AppHandler } from './http/router.ts';
import { causeOf, tracesOf } from './telemetry/log.ts';
import type { Log } from './telemetry/log.ts';
import { openLog } from './telemetry/pino-log.ts';

const beside = (name: string): URL => new URL(name, import.meta.url);

const stopWith = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

const loadApp = async (): Promise<AppHandler | undefined> => {
  const file = beside('./handler.js');
  if (!existsSync(file)) return undefined;
  const module = (await import(file.href)) as { readonly handler: AppHandler };
  return module.handler;
};

/** What nobody caught is a bug: told without its words (they may quote what people wrote), then the process ends as it would. */
const stopOnBugs = (log: Log): void => {
  process.on('uncaughtException', (cause) => {
    log.error('the server has a bug and stops', { ...causeOf(cause), ...tracesOf(cause) });
    process.exit(1);
  });
};

const stopOnSignals = (city: City, log: Log): void => {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    log.info('the city is stopping');
    city.close().then(
      () => {
        log.info('the city has stopped');
        process.exit(0);
      },
      (cause: unknown) => stopWith(`The server did not stop cleanly: ${String(cause)}`),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
};

const config = parseConfig(process.env);
if (!config.ok) stopWith(config.error.message);
else {
  const log = openLog({ level: config.value.logLevel });
  stopOnBugs(log);
  const template = fileURLToPath(beside('./pglite-template.tar'));
  const app = await loadApp();
  const started = await startCity(config.value, { template, log, ...(app ? { app } : {}) });
  if (!started.ok) stopWith(started.error.message);
  else {
    const city = started.value;
    stopOnSignals(city, log);
    log.info('the city is open', { port: city.port, place: city.place, node: process.versions.node });
    console.log(`${config.value.cityName} is open on ${city.url}`);
    console.log(`Its data lives in ${city.place}`);
    const { demo, demoLines } = config.value;
    if (demo || demoLines > 0) await seedDemo(city, { people: demo, lines: demoLines });
  }
}
