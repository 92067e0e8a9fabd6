// After the app's build: names everything that the first screen needs in the page itself (modulepreload, preload), so that a browser
// asks for all of it at once instead of finding one part behind the other. The app's page has a mark where the list goes.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renewCompressed } from './compressed.mjs';

/** Stands in src/app.html. */
const MARK = '<!--first-screen-->';
/** Roots of the first screen: SvelteKit's own, the frame, the fallback, the map's screen, and the map's library. */
const ROOTS = [/\/entry\/(start|app)\.[^/]*\.js$/, /\/nodes\/[012]\.[^/]*\.js$/];
const LIBRARY = /leaflet-parts\.ts$/;
const LIBRARY_STYLE = /leaflet[^/]*\.css$/;
const MAP_DATA = ['atlas.json', 'world-110m.bin', 'cities-large.json'].map(
  (name) => `/map/generated/${name}`,
);

const withImports = (manifest, keys) => {
  const reached = new Set();
  const walk = (key) => {
    if (reached.has(key)) return;
    reached.add(key);
    for (const next of manifest[key]?.imports ?? []) walk(next);
  };
  keys.forEach(walk);
  return [...reached];
};

/** The links for a Vite manifest, attributes without quotes: they also stand inside a string of the server's script. */
export const firstScreenLinks = (manifest) => {
  const roots = Object.keys(manifest).filter(
    (key) => ROOTS.some((root) => root.test(`/${manifest[key].file}`)) || LIBRARY.test(key),
  );
  if (roots.length < 6)
    throw new Error('The first screen’s parts are not where they were: see src/launch/first-screen.mjs.');
  const parts = withImports(manifest, roots);
  const scripts = parts.map((key) => `<link rel=modulepreload href=/${manifest[key].file}>`);
  const files = Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]);
  const styles = [
    ...new Set([
      ...parts.flatMap((key) => manifest[key].css ?? []),
      ...files.filter((file) => LIBRARY_STYLE.test(file)),
    ]),
  ];
  return [
    ...scripts,
    ...styles.map((file) => `<link rel=preload as=style href=/${file}>`),
    ...MAP_DATA.map((path) => `<link rel=preload as=fetch crossorigin href=${path}>`),
  ].join('');
};

const filesUnder = (folder, ending) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));

/** Writes the list into every page of a build, prerendered or made by the server. Throws where there is no mark. */
export const writeFirstScreen = (build, manifestFile) => {
  const links = firstScreenLinks(JSON.parse(readFileSync(manifestFile, 'utf8')));
  const pages = [
    ...(existsSync(join(build, 'prerendered')) ? filesUnder(join(build, 'prerendered'), '.html') : []),
    ...filesUnder(join(build, 'server'), '.js'),
  ];
  let written = 0;
  for (const page of pages) {
    const text = readFileSync(page, 'utf8');
    if (!text.includes(MARK)) continue;
    written += 1;
    writeFileSync(page, text.replaceAll(MARK, links));
    renewCompressed(page);
  }
  if (written < 2) throw new Error(`The built pages do not hold ${MARK}.`);
};
