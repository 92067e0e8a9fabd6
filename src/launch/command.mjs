// The operator's commands: `npm run migrate|backup|restore|move|retention -- …`. Builds what changed and runs build/<name>.js.
import { installDependencies } from './install.mjs';

const [name = '', ...rest] = process.argv.slice(2);
process.argv.splice(2, Infinity, ...rest);
await installDependencies();
try {
  const { build } = await import('./build.mjs');
  await build();
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exit(1);
}
await import(`../../build/${name}.js`);
