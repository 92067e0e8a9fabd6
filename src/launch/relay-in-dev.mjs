// A Vite plugin: the city's server in Vite's own process and on its port, from the sources. Changes to the app appear
// at once (HMR); changes to src/server need a restart.
import { ensureTemplate } from './template.mjs';

const start = async (server) => {
  const { startCity } = await server.ssrLoadModule('/src/server/city.ts');
  const { parseConfig } = await server.ssrLoadModule('/src/server/config.ts');
  const { openLog } = await server.ssrLoadModule('/src/server/telemetry/pino-log.ts');
  const { port, host } = server.config.server;
  const config = parseConfig({ POW: 'test', ...process.env, PORT: String(port), HOST: String(host) });
  if (!config.ok) throw new Error(config.error.message);
  const log = openLog({ level: config.value.logLevel });
  const template = await ensureTemplate();
  const city = await startCity(config.value, { server: server.httpServer, template, log });
  if (!city.ok) throw new Error(city.error.message);
  return city.value;
};

/** Serves the relay and the server's own paths beside the app. */
export const relayInDev = () => ({
  name: 'synchrono-city-relay',
  apply: 'serve',
  async configureServer(server) {
    const city = await start(server);
    console.log(`The city's data lives in ${city.place}`);
    server.middlewares.use((request, response, next) => city.handle(request, response, next));
    const close = server.close.bind(server);
    server.close = async () => {
      await city.close();
      await close();
    };
  },
});
