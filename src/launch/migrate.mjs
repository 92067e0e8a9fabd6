// `npm run migrate -- [up|down]`: brings the database to the newest schema, or takes the newest step back.
import { installDependencies } from './install.mjs';

await installDependencies();
const { build } = await import('./build.mjs');
await build();
await import('../../build/migrate.js');
